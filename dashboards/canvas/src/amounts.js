// Money and days. Fen are whole numbers; days are counted from 1970-01-01.
import { grouped } from "./dom.js";

const DAY = 86400000;

export function dayOf(text) {
  if (!text) return null;
  const [year, month, day] = text.split("-").map(Number);
  return Math.round(Date.UTC(year, month - 1, day) / DAY);
}

export function textOf(day) {
  return day === null ? null : new Date(day * DAY).toISOString().slice(0, 10);
}

function fixed(hundredths) {
  const whole = Math.floor(hundredths / 100);
  return `${grouped(whole)}.${String(hundredths % 100).padStart(2, "0")}`;
}

// As dashboards/formats.py says it: 元, then 万元 from 10,000 元, 亿元 from 10^8; English in ¥.
export function money(fen, strings, lang) {
  const size = Math.abs(fen);
  const sign = fen < 0 ? "-" : "";
  if (!lang.startsWith("zh")) {
    if (size >= 1e11) return `${sign}¥${fixed(Math.round(size / 1e9))} billion`;
    if (size >= 1e8) return `${sign}¥${fixed(Math.round(size / 1e6))} million`;
    return `${sign}¥${grouped(Math.round(size / 100))}`;
  }
  if (size >= 1e10) return `${sign}${fixed(Math.round(size / 1e8))} ${strings.yi}`;
  if (size >= 1e6) return `${sign}${fixed(Math.round(size / 1e4))} ${strings.wan}`;
  return `${sign}${fixed(size)} ${strings.yuan}`;
}
