"""`huancha joint` by people of two offices, from cards to a release, and the demo of three."""

import shutil

import pytest

PEOPLE = """
[people.wu]
roles = ["liaison"]
[people.li]
roles = ["approver"]
"""
DAYS = ("--first", "2025-01-01", "--last", "2025-12-31", "--until", "2099-12-31")


@pytest.fixture
def at(call_as, office, people, tmp_path):
    """Call `huancha joint` as somebody in the office of 北京 or 河北, both with the data of a small world."""
    people(PEOPLE)
    for code in ("110000", "130000"):
        shutil.copytree(office.workspace, tmp_path / code)

    def calling(code, name, *arguments):
        return call_as(name, "joint", *arguments, "--workspace", tmp_path / code)

    return calling


def test_two_offices_review_jointly_by_command(at, tmp_path):
    post, prints = tmp_path / "post", {}
    for code in ("110000", "130000"):
        answer = at(code, "wu", "card", "--area", code, "--name", f"{code}医保局")
        (tmp_path / f"{code}.json").write_text(answer.out, "utf-8")
        prints[code] = answer.err.split()[-1]
    asked = ("--own", tmp_path / "110000.json", "--with", tmp_path / "130000.json")
    made = at("110000", "wu", "open", "联审", *asked, "--purpose", "研判", "--law", "条例", *DAYS)
    assert "another person" in made.err
    refused = at("110000", "wu", "decide", 1, "--approve", "--why", "自批")
    assert (refused.code, "approver" in refused.err) == (1, True)
    assert at("110000", "li", "decide", 1, "--approve", "--why", "同意").code == 0
    (held,) = at("110000", "wu", "list", "--json").json
    review = held["id"]
    assert (held["state"], held["accepted"]) == ("active", ["110000"])

    def carry():
        for sender, recipient in (("110000", "130000"), ("130000", "110000")):
            at(sender, "wu", "send", review, post / sender)
            if (post / sender / recipient).exists():
                assert at(recipient, "wu", "receive", post / sender / recipient).code == 0

    written = at("110000", "wu", "send", review, post / "110000").out.split()
    assert [name.endswith(".parcel") for name in written] == [True]
    assert at("130000", "wu", "receive", post / "110000" / "130000").out.split()[-1] == "invitation"
    wrong = at("130000", "wu", "accept", review, "--fingerprint", "0" * 64, "--why", "未核")
    assert (wrong.code, "telephone" in wrong.err) == (1, True)
    at("130000", "wu", "accept", review, "--fingerprint", prints["110000"], "--why", "已核")
    at("130000", "li", "decide", 1, "--approve", "--why", "同意")
    carry()
    for code, number in (("110000", 2), ("130000", 2)):
        assert "pairs" in at(code, "wu", "prepare", review, "--why", "报送").err
        read = at(code, "li", "read", number).json
        assert read["side"] == code
        assert "part" in at(code, "li", "decide", number, "--approve", "--why", "已看").err
    carry()
    said = {at(code, "wu", "assemble", review).err.split()[-1] for code in ("110000", "130000")}
    assert len(said) == 1
    assert "shown" in at("130000", "wu", "show", review).out
    assert at("130000", "wu", "show", review, "jg_x").code == 1
    close = at("130000", "wu", "close", review, "--why", "研判结束")
    assert "another person" in close.err
    at("130000", "li", "decide", 3, "--approve", "--why", "同意")
    assert at("130000", "wu", "list", "--json").json[0]["state"] == "closed"
    broken = post / "110000" / "130000" / "x.parcel"
    broken.write_bytes(b"huancha parcel 1\n")
    assert at("130000", "wu", "receive", broken.parent).code == 1


def test_the_demo_ends_with_rings_that_are_seen_jointly_only(
    call, call_as, people, tmp_path, monkeypatch
):
    people(PEOPLE)
    monkeypatch.setenv("COLUMNS", "120")
    done = call("joint", "demo", "--folder", tmp_path / "demo", "--visits", 12_000)
    assert done.code == 0
    assert "of grade A or B, 3 of them seen jointly only" in done.out
    assert call("joint", "demo", "--folder", tmp_path / "demo").code == 1
    review = done.err.split("huancha joint show ")[1].split()[0]

    def at(code, name, *arguments):
        workspace = ("--workspace", tmp_path / "demo" / code / "workspace")
        return call_as(name, "joint", *arguments, *workspace)

    rings = {code: at(code, "wu", "show", review, "--json").json for code in ("110000", "130000")}
    ring = next(r["id"] for r in rings["130000"] if r["grade"] == "A")
    assert ring in {r["id"] for r in rings["110000"]}
    rows = at("130000", "wu", "show", review, ring, "--json").json
    own = {row["person"]: row["blind"] for row in rows if row["person"].startswith("pt_")}
    assert own
    assert {row["person"].partition("#")[0] for row in rows if row["person"] not in own} == {
        "北京医保参保人 ", "天津医保参保人 ",
    }  # fmt: skip
    person = min(own)
    asked = ("release", review, ring, person, "--field", "name", "--why", "联合约谈")
    number = at("130000", "wu", *asked).err.partition(":")[0]
    assert at("130000", "li", "read", number).json["person"] == own[person]
    assert at("130000", "li", "decide", number, "--approve", "--why", "必要").code == 0
    at("130000", "wu", "send", review, tmp_path / "post")
    assert at("110000", "wu", "receive", tmp_path / "post" / "110000").out.split()[-1] == "release"
    told = {
        row["blind"]: row["released"]
        for row in at("110000", "wu", "show", review, ring, "--json").json
        if row["released"]
    }
    assert [list(fields) for fields in told.values()] == [["name"]]
    assert set(told) == {own[person]}
