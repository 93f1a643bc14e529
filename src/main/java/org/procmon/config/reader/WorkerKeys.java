package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keys of a process that the workers of a pool can have, and those that they cannot. */
final class WorkerKeys {
    private static final String RESTARTED = "a worker that exits is always replaced";
    private static final String READY = "a worker is ready when it waits for connections";

    /** Why a pool cannot have a key. */
    static final Map<String, String> UNFIT =
            Map.ofEntries(
                    Map.entry("instances", "its 'workers' say how many processes it has"),
                    Map.entry("stdin", "the standard input of a worker is the listening socket"),
                    Map.entry("restart", RESTARTED),
                    Map.entry("monitored", RESTARTED),
                    Map.entry(
                            "restart_on_parent_death", "it would end requests that workers serve"),
                    Map.entry("schedule", "its 'mode' says when workers start and stop"),
                    Map.entry(
                            "skip",
                            "with \"mode\": \"ondemand\" no worker starts before a client waits"),
                    Map.entry("essential", RESTARTED),
                    Map.entry("ready", READY),
                    Map.entry("wait", READY),
                    Map.entry(
                            "health",
                            "a probe cannot choose the worker that answers; \"request\":"
                                    + " {\"timeout\"} stops one that hangs"),
                    Map.entry(
                            "watchdog",
                            "it needs messages to the monitor; \"request\": {\"timeout\"} stops a"
                                    + " worker that hangs"));

    /** Those that the workers can have. */
    static final List<String> FIT =
            Keys.PROCESS.known().stream().filter(key -> !UNFIT.containsKey(key)).toList();

    /** All keys of a pool. */
    static final Keys ALL = new Keys(all(), Keys.POOL.later());

    private WorkerKeys() {}

    private static List<String> all() {
        List<String> all = new ArrayList<>(FIT);
        all.addAll(Keys.POOL.known());
        return List.copyOf(all);
    }
}
