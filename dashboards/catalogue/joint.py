"""Words of the joint review."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "nav.joint": ("联审互查", "Joint review"),
    "joint.lead": (
        "与其他局的联审、协查和处理通报；以及本局数据中跨省的线索（扫描 {scan}）。",
        "Reviews with other bureaux, assistance, announced sanctions; and leads across provinces in our own data (scan {scan}).",
    ),
    "joint.none": (
        "这次扫描没有跨省线索。",
        "This scan holds no lead that crosses provinces.",
    ),
    "joint.list": ("跨省线索", "Leads across provinces"),
    "joint.sides": ("涉及", "Sides"),
    "joint.grade": ("等级", "Grade"),
    "joint.shown": (
        "显示 {n} / 共 {total} 条（这次扫描全部线索 {all} 条），按综合排名",
        "{n} of {total} shown, by rank ({all} leads in the scan)",
    ),
    "joint.none.filtered": ("没有线索涉及所选各方。", "No lead has all the sides chosen."),
    "joint.people": ("{patients} 人 · {places} 家", "{patients} people · {places} places"),
    "joint.money": (
        "就诊 {settled} · 参保 {insured}",
        "settled {settled} · insured {insured}",
    ),
    "joint.note": (
        "各方格内：参保人数（按参保地）与机构数（按所在地）；下行为证据所列结算的基金支付（万元），分别按就诊地和参保地计。票据报销不在内。单击一条查看各方所持。",
        "Each side: patients insured and places there; below, fund of the settlements in evidence (¥10,000) by where settled and where insured. Manual claims are not in it. Click a lead to see what each side holds.",
    ),
    "joint.one": ("线索 {code}：各方所持", "Lead {code}: what each side holds"),
    "joint.side": ("一方", "Side"),
    "joint.patients": ("参保人", "Patients insured there"),
    "joint.practitioners": ("医护药师（主执业地）", "Staff (main place there)"),
    "joint.places": ("机构", "Places there"),
    "joint.settled": ("基金支付（按就诊地）", "Fund, by where settled"),
    "joint.insured": ("基金支付（按参保地）", "Fund, by where insured"),
    "joint.first": ("当地最早结算", "First there"),
    "joint.last": ("当地最近结算", "Last there"),
    "joint.shares": ("各方份额", "Shares"),
    "joint.share": ("份额", "Share"),
    "joint.ring": ("查看团伙详情", "See the lead"),
    "joint.rule": (
        "异地就医机构的行为由就医地医保部门处理；仅参保人有过错的由参保地处理（令第4号）；几方争议或共同管辖的，报共同上级指定（条例第二十六条）。",
        "What a place did is for the bureau where it lies; a patient's own fault alone for the bureau of insurance (Order 4); disputes and shared cases go to the common superior (Regulation, article 26).",
    ),
}
