"""Streamlit's own English words and what we say instead. Keys are exactly what it prints, # stands for a number."""

from typing import Final

LEFTOVERS: Final[dict[str, str]] = {
    "Navigate to home page": "回到首页",
    "Logo": "标志",
    "App pages": "页面",
    "Choose an option": "请选择",
    "Open": "打开选项",
    "Choose date": "选择日期",
    "Empty": "未填",
    "Previous month": "上个月",
    "Next month": "下个月",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": (
        "用方向键选日期，回车键选定，退出键关闭。"
    ),
    "Close": "关闭",
    "Link to heading": "本节链接",
    "Skip to main content": "跳到正文",
    "Close sidebar": "关闭侧栏",
    "Open sidebar": "打开侧栏",
    "Collapse sidebar": "收起侧栏",
    "Expand sidebar": "展开侧栏",
    "Sidebar": "侧栏",
    "Main content": "正文",
    "Main menu": "主菜单",
    "Fullscreen": "全屏",
    "View fullscreen": "全屏查看",
    "Close fullscreen": "退出全屏",
    "Exit fullscreen": "退出全屏",
    "Stop": "停止",
    "Running...": "正在运行…",
    "RUNNING...": "正在运行…",
    "CONNECTING": "正在连接",
    "Connecting": "正在连接",
    "Connection error": "连接已断开",
    "Clear all": "全部清除",
    "Clear value": "清除",
    "No results": "没有结果",
    "Select all": "全选",
    "Previous page": "上一页",
    "Next page": "下一页",
    "Go to previous page": "上一页",
    "Go to next page": "下一页",
    "Pagination": "分页",
    "Press Enter to submit form": "按回车键提交",
    "Press Enter to apply": "按回车键应用",
    "Show more": "展开",
    "Show less": "收起",
    "Loading...": "正在载入…",
    "Page not found": "没有这个页面",
    "Copy to clipboard": "复制",
    "Help": "说明",
    "Upload": "选择文件",
    "file upload": "上传文件",
    "Add files": "添加文件",
    "add icon": "添加",
    "Remove file": "移除文件",
    "#MB per file": "每个文件不超过 # MB",
    "# options available.": "共 # 个选项。",
    "# option available.": "仅 # 个选项。",
    "Notifications": "通知",
    "Decrement": "减少",
    "Increment": "增加",
    "Decrement value": "减少",
    "Increment value": "增加",
    "This app has encountered an error. The original error message is redacted "
    "to prevent data leaks. Full error details have been recorded in the logs "
    "(if you're on Streamlit Cloud, click on 'Manage app' in the lower right of your app).": (
        "页面出错，详细原因已记入服务日志。请把发生的时间告诉管理员。"
    ),
}

BEGINNINGS: Final[dict[str, str]] = {
    "Help for ": "说明：",
    "Show data: ": "查看数据：",
    "Download as PNG: ": "下载图片：",
    "Copy Vega-Lite spec: ": "复制图表定义：",
    "Fullscreen: ": "全屏：",
    "Remove ": "移除：",
    "Page ": "第 ",
    "Choose date, ": "选择日期，",
    "Selected Date: ": "所选日期：",
    "year, ": "年，",
    "month, ": "月，",
    "day, ": "日，",
}
"""Beginnings of its words; what follows is ours already."""

ENDINGS: Final[dict[str, str]] = {
    " — start": "（起）",
    " — end": "（止）",
}
"""Ends of such words, after a label of ours."""
