package org.procmon.events;

/** Changes of a process other than those of its state. */
public enum Notice {
    UNHEALTHY("unhealthy"),
    HEALTHY("healthy again"),
    /** The monitor could not run the probe. */
    DOUBTFUL("nobody knows whether it is healthy"),
    RELOADING("says that it reloads"),
    READY("says that it is ready again"),
    LEAVING("says that it is about to end"),
    DISBELIEVED("a message was ignored"),
    SURVIVED("has left processes behind, which are killed"),
    SKIPPED("a start by its schedule was left out"),
    QUEUED("a start by its schedule waits for the end of the last run"),
    SIGNALED("is told to reload");

    private final String words;

    Notice(String words) {
        this.words = words;
    }

    /** For people, and the same in each language. */
    public String words() {
        return words;
    }
}
