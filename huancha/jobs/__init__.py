"""Long work asked for on a screen: a table of jobs, and the process that does them one by one."""
