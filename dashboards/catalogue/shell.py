"""Words of the frame: navigation, header, empty states."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "product": ("环查", "huancha"),
    "product.long": ("医保基金团伙线索", "fund-inspection leads"),
    "title": ("环查 · 医保基金团伙线索", "huancha · medical-insurance leads"),
    "language": ("语言", "Language"),
    "language.zh": ("中文", "中文"),
    "language.en": ("English", "English"),
    "nav.overview": ("总览", "Overview"),
    "nav.rings": ("疑点团伙", "Rings"),
    "nav.ring": ("团伙详情", "One ring"),
    "nav.intake": ("数据接入", "Data intake"),
    "nav.methods": ("方法说明", "Methods"),
    "nav.work": ("线索", "Leads"),
    "nav.ground": ("依据", "Grounds"),
    "side.snapshot": ("数据快照", "Snapshot"),
    "side.dates": ("数据期间", "Period of the data"),
    "side.scan": ("最近扫描", "Latest scan"),
    "side.none": ("尚无", "none yet"),
    "side.note": (
        "本系统只给出线索，供核查使用；是否违规由承办人员依法认定。",
        "This system gives leads to be checked. Whether a rule was broken is for people to decide.",
    ),
    "shown.some": ("显示 {n} / 共 {total} {what}", "showing {n} of {total} {what}"),
    "none": ("没有", "none"),
    "separator": ("、", ", "),
    "unit.wan": ("万元", "¥10,000"),
    "unit.yuan": ("元", "¥"),
    "unit.rows": ("条", "rows"),
    "empty.snapshot": ("还没有数据", "No data yet"),
    "empty.snapshot.why": (
        "工作区里没有已发布的数据快照。请把导出文件放进一个文件夹，然后运行：",
        "This workspace holds no published snapshot. Put the exported files into a folder, then run:",
    ),
    "empty.snapshot.demo": (
        "没有真实数据时，可先生成一份合成数据：",
        "Without real data, make a synthetic office first:",
    ),
    "empty.scan": ("还没有扫描结果", "No scan yet"),
    "empty.scan.why": (
        "数据已载入，但尚未扫描。请运行：",
        "The data is loaded but has not been scanned. Run:",
    ),
    "empty.rings": (
        "这次扫描没有发现符合特征的团伙线索。",
        "This scan found no ring that fits a motif.",
    ),
    "empty.filtered": (
        "没有线索符合当前的筛选条件，请放宽条件。",
        "No lead fits these filters. Loosen them.",
    ),
    "broken": ("工作区无法打开", "The workspace cannot be opened"),
    "broken.why": ("原因：{why}", "Why: {why}"),
    "command.folder": ("导出文件夹", "EXPORTS"),
}
