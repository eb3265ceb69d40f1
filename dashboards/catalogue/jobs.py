"""Words of jobs: their kinds, states and faults, the queue, how far they are."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "job_kind.scan": ("扫描", "Scan"),
    "job_kind.load": ("载入", "Load"),
    "job_state.queued": ("排队中", "waiting"),
    "job_state.running": ("运行中", "running"),
    "job_state.cancelling": ("正在取消", "being cancelled"),
    "job_state.cancelled": ("已取消", "cancelled"),
    "job_state.failed": ("未完成", "failed"),
    "job_state.done": ("已完成", "done"),
    "jobs.live": ("进行中与排队", "At work and waiting"),
    "jobs.live.none": ("当前没有任务在运行或排队。", "No job is at work or waiting."),
    "jobs.unattended": (
        "后台工作进程没有运行，排队的任务不会开始。由 huancha serve 启动时会自带；也可在服务器上单独运行：",
        "No worker is running, so waiting jobs do not begin. huancha serve brings one; or run on the server:",
    ),
    "jobs.title": ("{kind} {no} 号", "{kind} no. {no}"),
    "jobs.by": ("{who} 于 {asked} 提出", "asked for by {who} at {asked}"),
    "jobs.by.nobody": ("本机用户", "a user of this machine"),
    "jobs.place": ("排在第 {place} 位", "number {place} in the queue"),
    "jobs.stages": ("已完成 {done} / {total} 个阶段", "{done} of {total} stages done"),
    "jobs.starting": ("正在启动", "starting"),
    "jobs.publishing": ("正在写入结果", "writing the result"),
    "jobs.now_at": ("正在{stages}", "at {stages}"),
    "jobs.took": ("已用 {took}", "{took} so far"),
    "jobs.left": ("约剩 {left}", "about {left} left"),
    "jobs.left.unknown": ("剩余时间待估", "time left not known yet"),
    "jobs.cancel": ("取消", "Cancel"),
    "jobs.cancel.help": (
        "当前阶段结束后停止，不发布任何结果。",
        "Stops when the present stage is over; nothing is published.",
    ),
    "jobs.again": ("再次运行", "Run again"),
    "jobs.again.help": (
        "用同样的参数新开一个任务；已发布的结果不会被覆盖。",
        "A new job with the same parameters; what was published is never overwritten.",
    ),
    "jobs.asked": ("已加入队列：{title}", "In the queue: {title}"),
    "jobs.asked.same": ("同样的任务已在队列中：{title}", "The same job is in the queue: {title}"),
    "jobs.repeats": ("重复 {no} 号任务", "repeats no. {no}"),
    "load_stage.read": ("读取文件", "Reading files"),
    "load_stage.dedupe": ("去重与更正", "Duplicates and corrections"),
    "load_stage.entities": ("识别人员与机构", "People and places"),
    "load_stage.tokens": ("共享标识", "Shared values"),
    "load_stage.tables": ("写入各表", "Writing tables"),
    "load_stage.publish": ("发布快照", "Publishing"),
    "fault.worker_gone": (
        "后台工作进程中断，没有发布任何结果。请再次运行。",
        "The worker ended while the job ran; nothing was published. Run it again.",
    ),
    "fault.stopped": (
        "后台工作进程被停止，没有发布任何结果。请再次运行。",
        "The worker was stopped while the job ran; nothing was published. Run it again.",
    ),
    "fault.killed": (
        "任务被系统终止，多半是内存不足。请关闭其他程序后再次运行。",
        "The job was killed, most likely for lack of memory. Close other programs and run it again.",
    ),
    "fault.ended": (
        "任务进程意外结束（{exit}）。请再次运行；仍不成功请查看服务日志。",
        "The job's process ended with {exit}. Run it again; if it fails again see the log.",
    ),
    "fault.no_memory": (
        "内存不足。请关闭其他程序后再次运行。",
        "There is not enough memory. Close other programs and run it again.",
    ),
    "fault.no_space": (
        "磁盘空间不足。请腾出空间后再次运行；没有写到一半的结果会被采用。",
        "No space left on the disk. Free some and run it again; nothing half-written is used.",
    ),
    "fault.os": (
        "服务器拒绝访问：{file}。请检查权限和路径后再次运行。",
        "The server refused access: {file}. Check permission and path, then run it again.",
    ),
    "fault.NoSnapshot": (
        "工作区里还没有数据。请先载入。",
        "The workspace holds no data yet. Load some first.",
    ),
    "fault.NoFolder": ("文件夹不存在：{folder}。", "There is no such folder: {folder}."),
    "fault.NoExports": (
        "文件夹里没有数据合同中的表：{folder}。文件名须以表名开头，如 setl_d.csv。",
        "The folder holds no table of the data contract: {folder}. Names begin with the table, as setl_d.csv.",
    ),
    "fault.UnreadableFile": (
        "文件 {file} 无法读取。请重新导出或另传一份，再次载入；没有发布任何内容。",
        "{file} cannot be read. Have it exported or sent again, then load again; nothing was published.",
    ),
    "fault.NoHeading": (
        "文件 {file} 的首行没有这张表的任何列名。请改正文件名或表头；没有发布任何内容。",
        "The first line of {file} names no column of its table. Mend the name or the heading; nothing was published.",
    ),
    "fault.BusyWorkspace": (
        "另一次载入正在写入工作区。请等它结束后再次运行。",
        "Another load is writing to the workspace. Run it again when that has ended.",
    ),
    "fault.WrongKeys": (
        "工作区的密钥与数据不符。请由管理员放回正确的 keys.json。",
        "The workspace's keys do not fit its data. Have the right keys.json put back.",
    ),
    "fault.FolderNotAllowed": (
        "不允许从这里载入：{folder}。请由管理员在 HUANCHA_LOAD_ROOTS 中加入上级文件夹。",
        "Loading from here is not allowed: {folder}. Have a folder above it added to HUANCHA_LOAD_ROOTS.",
    ),
    "fault.BadParameter": (
        "参数 {name} 的取值 {value} 不可用。请改在允许范围内。",
        "{name} = {value} cannot be used. Choose a value within its bounds.",
    ),
    "fault.other": (
        "任务没有完成（{code}）。请再次运行；仍不成功请查看服务日志。",
        "The job did not succeed ({code}). Run it again; if it fails again see the log.",
    ),
}
