"""Words of draws (双随机抽查): the list, the pool, one draw and how it is recomputed."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "draws.list": ("双随机抽查", "Draws"),
    "draws.lead": (
        "先封存名单，种子事后公布，任何人都能复算：抽查哪些机构、派谁检查，都由名单和种子决定。",
        "The pool is laid down first, its seed is published afterwards: which places are inspected and by whom follows"
        " from both, and anybody can recompute it.",
    ),
    "draws.none": ("还没有抽查。", "There is no draw yet."),
    "draws.shown": ("显示 {n} / 共 {total} 次，最新的在前", "{n} of {total} shown, newest first"),
    "draws.title": ("抽查名称", "What is inspected"),
    "draws.seed_from": ("种子来源", "Seed from"),
    "draws.seed_from.hint": ("公开数字，如福彩3D某期", "a public figure, such as a lottery's draw"),
    "draws.seed_on": ("公布日期（次日或以后）", "Published on (tomorrow or later)"),
    "draws.seed": ("种子", "Seed"),
    "draws.drawn_at": ("抽取时间", "Drawn"),
    "draws.state.waiting": ("待公布种子", "seed to come"),
    "draws.state.ready": ("可以抽取", "to be drawn"),
    "draws.state.drawn": ("已抽取", "drawn"),
    "draws.prepare": ("封存抽查名单", "Lay a pool down"),
    "draws.prepare.lead": (
        "名单取自数据中该地区的定点机构，按类别和级别分别抽取；封存后不能更改。",
        "The pool is the division's places in the data; each kind and level is drawn from by itself."
        " Once laid down it does not change.",
    ),
    "draws.prepare.do": ("封存名单", "Lay it down"),
    "draws.prepare.fill": (
        "请填写抽查名称、种子来源和检查人员。",
        "Say what is inspected, where the seed is from, and who inspects.",
    ),
    "draws.share": ("每类抽取（%）", "Percent of each"),
    "draws.team": ("每家人数", "Inspectors each"),
    "draws.inspectors": ("检查人员，每行一名", "Inspectors, one a line"),
    "draws.recusals.before": ("回避，每行一条", "Recusals, one a line"),
    "draws.recusals.hint": (
        "检查人员，机构编码，理由",
        "inspector, code of the place, reason",
    ),
    "draws.group": ("{group}：{n} 家，抽 {drawn} 家", "{group}: {n}, {drawn} drawn"),
    "draws.group.and": ("；", "; "),
    "draws.group.none": ("该地区没有机构。", "There is no place in this division."),
    "draws.group.head": ("类别、级别", "Kind, level"),
    "draws.one": ("抽查 {no} · {title}", "Draw {no} · {title}"),
    "draws.unknown": ("没有抽查 {draw}。", "There is no draw {draw}."),
    "draws.facts": (
        "{who} 于 {at} 封存；地区 {area}；{places} 家机构、{inspectors} 名检查人员；每类抽 {share}%，每家 {team} 人；{law}",
        "Laid down by {who} on {at}; division {area}; {places} places, {inspectors} inspectors; {share}% of each,"
        " {team} inspectors each; {law}",
    ),
    "draws.facts.seed": ("种子：{source}，{on} 公布", "Seed: {source}, published on {on}"),
    "draws.facts.drawn": (
        "{who} 于 {at} 以种子 {seed} 抽取",
        "Drawn by {who} on {at} with the seed {seed}",
    ),
    "draws.run.wait": (
        "种子于 {on} 公布，公布后才能抽取。",
        "The seed comes out on {on}; nothing is drawn before.",
    ),
    "draws.seed.published": ("公布的种子，照原样填写", "The seed as it was published"),
    "draws.run.do": ("抽取", "Draw"),
    "draws.run.fill": ("请填写公布的种子。", "Give the seed as it was published."),
    "draws.inspections": ("抽查结果", "Inspections"),
    "draws.inspections.none": ("还没有抽取。", "Nothing was drawn yet."),
    "draws.inspections.n": (
        "显示 {n} / 共 {total} 家，按抽出的次序",
        "{n} of {total} shown, in the order drawn",
    ),
    "draws.order": ("次序", "Order"),
    "draws.place": ("机构", "Place"),
    "draws.sent": ("检查人员", "Inspectors"),
    "draws.inspector": ("检查人员", "Inspector"),
    "draws.recusals": ("回避", "Recusals"),
    "draws.recusals.none": ("没有回避。", "There is no recusal."),
    "draws.recusal.when": ("何时", "When"),
    "draws.recusal.before": ("封存时", "with the pool"),
    "draws.recusal.after": ("抽取后", "after the draw"),
    "draws.recuse": (
        "批准抽取后的回避，由该家次序中的下一名替补",
        "Replace somebody by the next in that place's order",
    ),
    "draws.recuse.do": ("批准回避", "Approve the recusal"),
    "draws.recompute": ("怎样复算", "Recomputing"),
    "draws.recompute.lead": (
        "本页每次打开都按名单、种子和回避重新计算，结果不另外保存。任何人拿到抽查记录，都可以这样复算：",
        "This page computes the result anew each time; it is kept nowhere. Whoever has the record can do the same:",
    ),
    "draws.recompute.pool": (
        "一、名单指纹：记录中的名单须得出封存时留痕的指纹。",
        "1. Fingerprint: the record's pool gives what the audit kept when it was laid down.",
    ),
    "draws.recompute.places": (
        "二、机构次序：对名单中每家机构计算，从小到大排列，每类取前 {share}%（向上取整）。",
        "2. Places: compute this for each place of the pool, sort ascending, take the first {share}% of each group,"
        " rounded up.",
    ),
    "draws.recompute.inspectors": (
        "三、检查人员：对每家机构的每名人员计算，从小到大排列；先派所派家数最少的，取 {team} 人，须回避的除外；"
        "抽取后回避的，由该家次序中的下一名替补。",
        "3. Inspectors: compute this for each inspector at each place, sort ascending; those with the fewest places so"
        " far go first, {team} of them, without those recused; who is recused later is replaced by the next in order.",
    ),
    "draws.take": ("下载抽查记录", "Download the record"),
    "draws.history": ("经过", "What happened"),
}
