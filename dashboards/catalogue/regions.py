"""Names of administrative divisions (GB/T 2260): provinces, and the divisions of 京津冀."""

from typing import Final

PROVINCES: Final[dict[str, tuple[str, str]]] = {
    "11": ("北京", "Beijing"), "12": ("天津", "Tianjin"), "13": ("河北", "Hebei"),
    "14": ("山西", "Shanxi"), "15": ("内蒙古", "Inner Mongolia"), "21": ("辽宁", "Liaoning"),
    "22": ("吉林", "Jilin"), "23": ("黑龙江", "Heilongjiang"), "31": ("上海", "Shanghai"),
    "32": ("江苏", "Jiangsu"), "33": ("浙江", "Zhejiang"), "34": ("安徽", "Anhui"),
    "35": ("福建", "Fujian"), "36": ("江西", "Jiangxi"), "37": ("山东", "Shandong"),
    "41": ("河南", "Henan"), "42": ("湖北", "Hubei"), "43": ("湖南", "Hunan"),
    "44": ("广东", "Guangdong"), "45": ("广西", "Guangxi"), "46": ("海南", "Hainan"),
    "50": ("重庆", "Chongqing"), "51": ("四川", "Sichuan"), "52": ("贵州", "Guizhou"),
    "53": ("云南", "Yunnan"), "54": ("西藏", "Xizang"), "61": ("陕西", "Shaanxi"),
    "62": ("甘肃", "Gansu"), "63": ("青海", "Qinghai"), "64": ("宁夏", "Ningxia"),
    "65": ("新疆", "Xinjiang"), "71": ("台湾", "Taiwan"), "81": ("香港", "Hong Kong"),
    "82": ("澳门", "Macao"),
}  # fmt: skip

DIVISIONS: Final[dict[str, tuple[str, str]]] = {
    "110101": ("东城区", "Dongcheng"), "110102": ("西城区", "Xicheng"),
    "110105": ("朝阳区", "Chaoyang"), "110106": ("丰台区", "Fengtai"),
    "110107": ("石景山区", "Shijingshan"), "110108": ("海淀区", "Haidian"),
    "110109": ("门头沟区", "Mentougou"), "110111": ("房山区", "Fangshan"),
    "110112": ("通州区", "Tongzhou"), "110113": ("顺义区", "Shunyi"),
    "110114": ("昌平区", "Changping"), "110115": ("大兴区", "Daxing"),
    "110116": ("怀柔区", "Huairou"), "110117": ("平谷区", "Pinggu"),
    "110118": ("密云区", "Miyun"), "110119": ("延庆区", "Yanqing"),
    "120101": ("和平区", "Heping"), "120102": ("河东区", "Hedong"),
    "120103": ("河西区", "Hexi"), "120104": ("南开区", "Nankai"),
    "120105": ("河北区", "Hebei District"), "120106": ("红桥区", "Hongqiao"),
    "120110": ("东丽区", "Dongli"), "120111": ("西青区", "Xiqing"),
    "120112": ("津南区", "Jinnan"), "120113": ("北辰区", "Beichen"),
    "120114": ("武清区", "Wuqing"), "120115": ("宝坻区", "Baodi"),
    "120116": ("滨海新区", "Binhai"), "120117": ("宁河区", "Ninghe"),
    "120118": ("静海区", "Jinghai"), "120119": ("蓟州区", "Jizhou"),
    "1301": ("石家庄", "Shijiazhuang"), "1302": ("唐山", "Tangshan"),
    "1303": ("秦皇岛", "Qinhuangdao"), "1304": ("邯郸", "Handan"),
    "1305": ("邢台", "Xingtai"), "1306": ("保定", "Baoding"),
    "1307": ("张家口", "Zhangjiakou"), "1308": ("承德", "Chengde"),
    "1309": ("沧州", "Cangzhou"), "1310": ("廊坊", "Langfang"),
    "1311": ("衡水", "Hengshui"),
}  # fmt: skip

ENDINGS: Final = ("新区", "区")
"""What a short name of a division leaves away."""
