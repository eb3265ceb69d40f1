"""Words of the methods page."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "methods.lead": (
        "本系统怎样得出线索、每个词是什么意思、什么情况下会看错。",
        "How leads come about, what each word means, and when they mislead.",
    ),
    "methods.motifs": ("特征", "Motifs"),
    "methods.motifs.shown": ("共 {n} 种特征", "{n} motifs"),
    "methods.motifs.none": ("当前版本没有登记特征说明。", "This version lists no motif."),
    "methods.meaning": ("含义", "Meaning"),
    "methods.misleads": ("何时会误判", "When it misleads"),
    "methods.source": ("依据", "Source"),
    "methods.needs": ("需要的数据", "Needs"),
    "methods.grades": ("等级", "Grades"),
    "methods.decoys": ("偶然成分的估计", "How much is chance"),
    "methods.decoys.means": (
        "把每名参保人的就诊整周平移后重新查找（地点、星期、钟点、频次不变，相约同来不复存在），此时仍找到的同现团伙只能出于偶然。共重复 {n} 次。",
        "The search repeated with each patient's visits moved by whole weeks: place, weekday, hour and habit stay, agreements to meet do not. What is still found is chance. {n} repetitions.",
    ),
    "methods.decoys.none": (
        "最近一次扫描未作估计。需要时运行 huancha scan --decoys 5。",
        "The latest scan made no estimate. Run huancha scan --decoys 5 for one.",
    ),
    "methods.decoys.real": ("同现团伙", "Co-visit groups"),
    "methods.decoys.found": ("打乱后平均", "On an average decoy"),
    "methods.decoys.share": ("估计偶然占比", "Estimated share of chance"),
    "methods.terms": ("用词", "Words"),
    "methods.limits": ("局限", "Limits"),
    "methods.version": ("版本与参数", "Version and parameters"),
    "methods.parameter": ("参数", "Parameter"),
    "methods.value": ("取值", "Value"),
    "methods.program": ("程序版本", "Program version"),
    "methods.seed": ("随机种子", "Seed"),
    "word.lead": ("线索", "Lead"),
    "word.lead.means": (
        "数据中符合特征的一组人和机构。它是核查的起点，不是违规认定。",
        "People and places that fit a motif in the data. Where checking starts, never a finding.",
    ),
    "word.gathering": ("聚集", "Gathering"),
    "word.gathering.means": (
        "同一线索中的若干成员在同一机构、相近时间内先后结算。",
        "Several members of one lead settled at one place within a short window.",
    ),
    "word.covisit": ("同时就诊", "Seen together"),
    "word.covisit.means": (
        "两名参保人在同一机构的时间窗内都有结算；次数与按各自就诊习惯推算的期望次数相比。",
        "Two patients settled at one place within the window; compared with what habit alone explains.",
    ),
    "word.core": ("核心与外围", "Core and periphery"),
    "word.core.means": (
        "结伴刷卡的团伙以不同随机种子和密度重复划分 20 次，八成以上始终归在一起的成员为核心，偶尔同来的为外围；没有同现的，由最强特征或多种特征共同指向的成员为核心。",
        "Groups of cards used together are sought 20 times with other seeds and densities: who stays in at least 80% of the runs is core, who came along now and then is periphery. Without meetings, core is whom the strongest motif or several motifs name.",
    ),
    "word.token": ("共享标识", "Shared value"),
    "word.token.means": (
        "几个人或机构共用的电话、账户、住址、证件号等。很多人共用的不作为依据。",
        "A phone, account, address or number several share. One shared by very many counts for nothing.",
    ),
    "word.fund": ("基金支付（净额）", "Fund paid, net"),
    "word.fund.means": (
        "统筹基金支付，已减去退费；全额退费的结算不计入。",
        "Paid by the pooled fund less refunds; visits refunded in full are left out.",
    ),
    "word.recoverable": ("预计可追回", "Recoverable"),
    "word.recoverable.means": (
        "证据所列结算的基金支付估算值，用于排序，不是应追回金额的认定。",
        "An estimate from the visits in evidence, for ranking; it decides nothing.",
    ),
    "word.quarantine": ("隔离区", "Quarantine"),
    "word.quarantine.means": (
        "未能采用的原始行，连同原因按原样保存，可修正后重放。",
        "Rows that could not be used, kept as read with the reason; they can be replayed.",
    ),
    "limit.data": (
        "线索只反映已载入的数据。缺少的表会停用相应分析，见“数据接入”。",
        "Leads reflect loaded data only. Missing tables switch analyses off; see Data intake.",
    ),
    "limit.chance": (
        "扫描比对的人数很多，个别线索可能纯属偶然；等级说明了它经受过哪些检验。",
        "Very many pairs are compared, so some leads are chance; the grade says which tests it passed.",
    ),
    "limit.innocent": (
        "家庭、透析排班、养老机构、慢病取药日等会留下相似的痕迹，认定前须逐项排除。",
        "Families, dialysis shifts, care homes and dispensing days leave similar traces; rule them out.",
    ),
    "limit.time": (
        "部分机构批量上传结算，时间不代表到场时间。",
        "Some places upload in batches; their times are not times of presence.",
    ),
    "limit.identity": (
        "人员按证件号、证书、姓名加机构依次匹配，匹配依据较弱的有警告。",
        "Staff are matched by identity number, certificate, then name and place; weak matches carry a warning.",
    ),
    "limit.person": (
        "处理决定由人作出，并有复核；本系统不作认定。",
        "People decide, and others review; this system decides nothing.",
    ),
    "motif_source.after_death": (
        "山东单县 2021 年通报（死亡后使用 48 次）",
        "Shan county, Shandong, notice of 2021 (48 uses after death)",
    ),
    "motif_source.costay": (
        "郑州 2024 年通报（8 人以上同进同出 5 次以上）",
        "Zhengzhou, notice of 2024 (at least 8 people in and out together at least 5 times)",
    ),
    "motif_source.covisit": (
        "FraudAuditor（IEEE TVCG 2023）；Tumminello 等 2011 年的验证网络，本系统按机构分层",
        "FraudAuditor (IEEE TVCG 2023); Tumminello et al. 2011 for validated networks, stratified by place here",
    ),
    "motif_source.cross_region": (
        "北京密云通报：跨河北、吉林的收药链条",
        "Miyun, Beijing: a chain of drug buyers across Hebei and Jilin",
    ),
    "motif_source.dense_block": (
        "FRAUDAR（KDD 2016）的列权重与逐步剥离；SliceNDice（DSAA 2019）的多视图稀有度加权",
        "FRAUDAR (KDD 2016) for column weights and peeling; SliceNDice (DSAA 2019) for several views weighed by their own rarity",
    ),
    "motif_source.funnel": (
        "二项分布尾概率：该医师的患者与同事的患者相比，同事太少时与本地区相比；两名医师共同患者的超几何尾概率",
        "Binomial tail of the practitioner's patients against the colleagues', where these are few against the district's; hypergeometric tail of two practitioners' common patients",
    ),
    "motif_source.impossible_patient": (
        "重庆、四川通报（挂床住院、连环住院）",
        "Notices of Chongqing and Sichuan (beds in name only, serial stays)",
    ),
    "motif_source.list_sharing": (
        "Sparrow《License to Steal》（机构之间共用患者名单）",
        "Sparrow, License to Steal (patient lists shared among providers)",
    ),
    "motif_source.operator_bundle": (
        "国家医保局电子凭证套现（空刷）模型",
        "NHSA model of cashing in electronic cards (swipes with nobody there)",
    ),
    "motif_source.receipts": (
        "人社厅函〔2016〕488号（零星报销票据核查重点）；国家医保局令第7号",
        "Letter 488 of 2016 of the ministry (what to check of manual receipts); NHSA order 7",
    ),
    "motif_source.recruitment": (
        "重庆通报（按人头给介绍人回扣）",
        "Notice of Chongqing (kick-backs to recruiters per head)",
    ),
    "motif_source.relay": (
        "杭州西湖区检察院循卡追查案（一批卡在别处整批再现）",
        "Procuratorate of Xihu, Hangzhou: cards traced (they reappear elsewhere as a set)",
    ),
    "motif_source.scheduled": (
        "天津“虚假偏瘫门特”模型（检察机关通报）：团伙可以冒充疗程",
        "Tianjin model of false hemiplegia courses (procuratorate): a ring can bill as a course",
    ),
    "motif_source.serial_stays": (
        "四川通报（一年 16 次、约 200 日，出甲院即入乙院）",
        "Notice of Sichuan (16 stays and about 200 days in a year, from one hospital into the next)",
    ),
    "motif_source.shared_token": (
        "SliceNDice（DSAA 2019）的稀有度；Neo4j 共享标识图模式",
        "SliceNDice (DSAA 2019) for rarity; Neo4j's shared-identifier recipe for the pattern",
    ),
    "motif_source.staff_patient": (
        "重庆通报（职工在岗住院）",
        "Notice of Chongqing (staff in hospital while on duty)",
    ),
    "motif_source.substitution": (
        "医保支付资格管理 7–9 分情形：冒名提供医保费用结算",
        "Payment qualification, acts of 7–9 points: billing in another's name",
    ),
    "motif_source.trace_loop": (
        "国家医保局 2025 年追溯码监管（一码多结）；江西追溯码模型",
        "NHSA's supervision of trace codes, 2025 (one code settled often); Jiangxi's trace-code model",
    ),
    "motif_source.two_places": (
        "医师法第十五条（多机构执业备案）；支付资格管理 7–9 分情形（冒名结算）",
        "Physicians law, article 15 (registration at several places); payment qualification, acts of 7–9 points",
    ),
    "motif_source.drug_rounds": (
        "国家医保局医保药品倒卖模型（2022 年起运行）；痕迹与阈值为本系统自定",
        "NHSA model of resold medicines, run since 2022; the trace and its bounds are this system's own",
    ),
}
