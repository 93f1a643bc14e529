package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys that an object of the configuration may have.
 *
 * @param known those that are read
 * @param later those that the documentation names and this version does not read
 */
record Keys(List<String> known, List<String> later) {
    static final Keys TOP =
            new Keys(
                    List.of(
                            "$schema",
                            "name",
                            "include",
                            "control",
                            "output",
                            "orphans",
                            "decisions",
                            "start_budget",
                            "defaults",
                            "processes",
                            "pools",
                            "dropins",
                            "sites",
                            "shares",
                            "http"),
                    List.of());

    static final Keys HTTP =
            new Keys(
                    List.of(
                            "listen",
                            "user",
                            "group",
                            "instances",
                            "env",
                            "hosts",
                            "routes",
                            "tls",
                            "auth",
                            "trusted_proxies",
                            "balance",
                            "limits",
                            "access_log",
                            "x_sendfile",
                            "compress"),
                    List.of("slow_log"));

    static final Keys HTTP_TLS = new Keys(List.of("certificate", "key"), List.of());

    static final Keys HTTP_AUTH = new Keys(List.of("users", "tokens", "session"), List.of());

    static final Keys HTTP_LIMITS =
            new Keys(
                    List.of(
                            "header",
                            "body",
                            "request_timeout",
                            "idle_timeout",
                            "requests",
                            "queue",
                            "queue_timeout",
                            "connections",
                            "connections_per_address",
                            "header_timeout",
                            "body_rate"),
                    List.of());

    static final Keys ROUTE =
            new Keys(
                    List.of(
                            "host",
                            "path",
                            "match",
                            "strip",
                            "authorizer",
                            "auth",
                            "serve",
                            "pool",
                            "members",
                            "balance",
                            "root",
                            "requests",
                            "dropin",
                            "static",
                            "internal"),
                    List.of());

    static final Keys STATIC =
            new Keys(List.of("directory", "index", "listing", "hidden"), List.of());

    /** An included file that is not a process itself. */
    static final Keys INCLUDED =
            new Keys(List.of("$schema", "defaults", "processes", "pools"), List.of());

    static final Keys CONTROL =
            new Keys(List.of("operators", "viewers", "socket_group", "socket_mode"), List.of());

    /** The keys for the user, the limits and the environment of a process. */
    static final List<String> IDENTITY =
            List.of(
                    "user",
                    "group",
                    "groups",
                    "umask",
                    "chroot",
                    "nice",
                    "cpus",
                    "no_new_privs",
                    "capabilities",
                    "limits",
                    "env_file",
                    "clear_env");

    /** The keys for external events that start, stop or refresh a process. */
    static final List<String> TRIGGERS = List.of("schedule", "watch", "reload_signal");

    /** The keys for when a process's runs start and stop, and what its exit means. */
    static final List<String> LIFETIME =
            List.of("essential", "max_runtime", "memory_max", "priority");

    static final Keys PROCESS =
            new Keys(
                    withGroups(
                            "id",
                            "exec",
                            "wait",
                            "restart_delay",
                            "depends",
                            "restart_on_parent_death",
                            "monitored",
                            "skip",
                            "verbose",
                            "restart",
                            "success_exit",
                            "backoff",
                            "give_up",
                            "stop",
                            "stdin",
                            "stdout",
                            "stderr",
                            "cwd",
                            "env",
                            "instances",
                            "ready",
                            "health",
                            "watchdog",
                            "hooks"),
                    List.of());

    /** The keys that every process may have, except its name. */
    static final Keys DEFAULTS =
            new Keys(
                    PROCESS.known().stream().filter(key -> !key.equals("id")).toList(),
                    PROCESS.later());

    static final Keys DEPENDENCY = new Keys(List.of("on", "when"), List.of());

    /** The values of {@code when} follow the same rule. */
    static final Keys CONDITIONS =
            new Keys(List.of("started", "ready", "healthy", "completed"), List.of());

    static final Keys READY =
            new Keys(
                    List.of(
                            "notify",
                            "fd",
                            "tcp",
                            "unix",
                            "http",
                            "insecure",
                            "exec",
                            "output",
                            "file",
                            "timeout",
                            "interval"),
                    List.of());

    static final Keys HEALTH =
            new Keys(
                    List.of(
                            "tcp",
                            "unix",
                            "http",
                            "insecure",
                            "exec",
                            "interval",
                            "timeout",
                            "failures",
                            "then"),
                    List.of());

    static final Keys BACKOFF =
            new Keys(List.of("initial", "factor", "max", "jitter", "reset_after"), List.of());

    static final Keys GIVE_UP = new Keys(List.of("restarts", "period", "retry_after"), List.of());

    static final Keys HOOKS =
            new Keys(List.of("before_start", "after_stop", "on_failure"), List.of());

    static final Keys HOOK = new Keys(List.of("exec", "timeout"), List.of());

    static final Keys OUTPUT = new Keys(List.of("directory"), List.of());

    static final Keys OUTPUT_STREAM =
            new Keys(
                    List.of("file", "max_size", "keep", "timestamps", "mode", "owner", "group"),
                    List.of());

    static final Keys ENV_FILE =
            new Keys(
                    List.of("path", "optional", "public", "override", "syntax", "of_program"),
                    List.of());

    static final Keys SCHEDULE =
            new Keys(
                    List.of(
                            "start",
                            "stop",
                            "restart",
                            "timezone",
                            "missed",
                            "jitter",
                            "except",
                            "overlap"),
                    List.of());

    static final Keys WATCH = new Keys(List.of("paths", "quiet"), List.of());

    static final Keys START_BUDGET = new Keys(List.of("starts", "period"), List.of());

    static final Keys STOP =
            new Keys(List.of("signal", "timeout", "plan", "to", "kill_survivors"), List.of());

    /** The keys of a pool that a process does not have. */
    static final Keys POOL =
            new Keys(
                    List.of(
                            "listen",
                            "listen_owner",
                            "listen_group",
                            "backlog",
                            "allowed_clients",
                            "mode",
                            "workers",
                            "idle_timeout",
                            "socket",
                            "output",
                            "pass",
                            "queue",
                            "request",
                            "recycle",
                            "retire",
                            "patience",
                            "when_stopped",
                            "env_keep"),
                    List.of("socket_directory"));

    /** The keys of an entry of {@code dropins}, beside those of its pools. */
    static final Keys DROP_IN =
            new Keys(
                    List.of(
                            "id",
                            "directory",
                            "pattern",
                            "recursive",
                            "max_apps",
                            "max_workers_per_user",
                            "quiet"),
                    List.of());

    /** The keys of an entry of {@code sites}, beside those of its pools. */
    static final Keys SITE =
            new Keys(
                    List.of(
                            "id",
                            "directory",
                            "pattern",
                            "min_uid",
                            "max_sites",
                            "max_workers_per_user",
                            "socket_group",
                            "quiet"),
                    List.of());

    static final Keys INCLUDE = new Keys(List.of("path", "follow"), List.of());

    static final Keys WORKERS =
            new Keys(List.of("min", "max", "spare_min", "spare_max", "share"), List.of());

    static final Keys QUEUE = new Keys(List.of("max", "timeout", "retry_after"), List.of());

    static final Keys REQUEST = new Keys(List.of("slow", "timeout"), List.of());

    static final Keys RECYCLE = new Keys(List.of("age", "memory", "jitter"), List.of("requests"));

    private static List<String> withGroups(String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        all.addAll(IDENTITY);
        all.addAll(TRIGGERS);
        all.addAll(LIFETIME);
        return List.copyOf(all);
    }

    /** The message about a word that is not among the known ones. */
    String complaint(String what, String word) {
        if (later.contains(word)) {
            return "'" + word + "' is not supported by this version";
        }
        List<String> all = new ArrayList<>(known);
        all.addAll(later);
        return "unknown "
                + what
                + " '"
                + Problems.shown(word)
                + "'"
                + ForeignKeys.ours(word, known)
                        .map(key -> "; here it is '" + key + "'")
                        .orElseGet(() -> Suggestion.forWord(word, all));
    }
}
