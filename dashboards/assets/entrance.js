// Where somebody was going when they were asked to sign in: kept in their tab, and gone to once they have.
const WANTED = "huancha.wanted";

export default function ({ data }) {
  if (!data.signed) {
    const here = new URL(location.href);
    if (data.english) here.searchParams.set("lang", "en");
    else here.searchParams.delete("lang");
    sessionStorage.setItem(WANTED, here.pathname + here.search);
    return;
  }
  const wanted = sessionStorage.getItem(WANTED);
  sessionStorage.removeItem(WANTED);
  const atHome = location.pathname.endsWith("/");
  if (wanted && atHome && wanted !== location.pathname + location.search) location.replace(wanted);
}
