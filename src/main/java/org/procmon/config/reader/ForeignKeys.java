package org.procmon.config.reader;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of other supervisors, and what they are called here: those of supervisord, systemd, pm2,
 * process-compose, Docker Compose, monit, circus and pitchfork. Case and underscores do not count.
 */
final class ForeignKeys {
    private static final Map<String, String> OURS = new HashMap<>();

    static {
        put("id", "name", "process_name", "program");
        put(
                "exec",
                "command",
                "cmd",
                "cmdline",
                "script",
                "ExecStart",
                "entrypoint",
                "run",
                "args");
        put(
                "restart",
                "autorestart",
                "restart_policy",
                "always_restart",
                "respawn",
                "keep_alive",
                "availability");
        put("env", "environment", "env_vars", "vars", "variables", "envs");
        put("env_file", "EnvironmentFile", "env_files", "dotenv", "envfile");
        put("clear_env", "clean_env", "copy_env", "is_dotenv_disabled");
        put(
                "cwd",
                "directory",
                "dir",
                "working_dir",
                "WorkingDirectory",
                "workdir",
                "chdir",
                "root");
        put(
                "depends",
                "depends_on",
                "dependencies",
                "after",
                "requires",
                "wants",
                "needs",
                "start_after");
        put("wait", "startsecs", "start_secs", "min_uptime", "warmup_delay");
        put("restart_delay", "RestartSec", "backoff_seconds", "restart_pause");
        put("backoff", "exp_backoff_restart_delay", "RestartSteps", "RestartMaxDelaySec");
        put(
                "give_up",
                "startretries",
                "max_restarts",
                "max_retries",
                "StartLimitBurst",
                "StartLimitIntervalSec",
                "retry",
                "retries");
        put("success_exit", "exitcodes", "SuccessExitStatus", "stop_exit_codes");
        put(
                "stop",
                "stopsignal",
                "KillSignal",
                "stop_signal",
                "stopwaitsecs",
                "TimeoutStopSec",
                "kill_timeout",
                "stop_timeout",
                "stop_grace_period",
                "graceful_timeout",
                "ExecStop",
                "shutdown",
                "stopasgroup",
                "killasgroup",
                "KillMode");
        put("instances", "numprocs", "replicas", "numprocesses", "exec_mode", "copies");
        put("skip", "autostart", "disabled", "enabled");
        put("stdout", "stdout_logfile", "out_file", "log_file", "log_location", "StandardOutput");
        put("stderr", "stderr_logfile", "error_file", "redirect_stderr", "StandardError");
        put("stdin", "StandardInput");
        put("health", "healthcheck", "health_check", "liveness_probe", "liveness");
        put(
                "ready",
                "readiness_probe",
                "readiness",
                "ready_log_line",
                "wait_ready",
                "ready_output");
        put("watchdog", "WatchdogSec");
        put("schedule", "cron", "cron_restart", "OnCalendar", "crontab");
        put("watch", "autoreload", "ignore_watch");
        put("memory_max", "max_memory_restart", "MemoryMax", "mem_limit");
        put("max_runtime", "RuntimeMaxSec", "timeout");
        put("user", "uid", "runas");
        put("group", "gid");
        put("groups", "SupplementaryGroups");
        put("limits", "ulimits", "rlimits", "LimitNOFILE", "minfds");
        put("chroot", "RootDirectory");
        put("nice", "renice");
        put("no_new_privs", "NoNewPrivileges");
        put("reload_signal", "ExecReload", "reload_cmd");
        put("hooks", "ExecStartPre", "ExecStopPost", "before_start", "after_stop", "on_failure");
        put("essential", "critical", "exit_on_end");
        put("processes", "programs", "services", "apps", "watchers", "daemons", "process");
        put("include", "includes", "imports", "extends");
        put("output", "logs", "logging", "childlogdir");
        put("control", "inet_http_server", "unix_http_server", "supervisorctl");
    }

    private ForeignKeys() {}

    private static void put(String ours, String... theirs) {
        for (String one : theirs) {
            OURS.put(plain(one), ours);
        }
    }

    private static String plain(String word) {
        return word.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** The key that an object has for another one's; empty if none of its keys is that. */
    static Optional<String> ours(String word, List<String> known) {
        return Optional.ofNullable(OURS.get(plain(word))).filter(known::contains);
    }
}
