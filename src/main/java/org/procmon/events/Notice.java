package org.procmon.events;

/** Changes of a process or a pool other than those of its state. */
public enum Notice {
    UNHEALTHY("unhealthy"),
    HEALTHY("healthy again"),
    /** The monitor could not run the probe. */
    HEALTH_UNKNOWN("its health is unknown"),
    RELOADING("reported that it is reloading"),
    READY("reported that it is ready again"),
    LEAVING("reported that it is stopping"),
    DISBELIEVED("a message was ignored"),
    SURVIVED("left processes outside of its group, which are killed"),
    SKIPPED("a start by its schedule was skipped"),
    QUEUED("a start by its schedule waits for the end of the last run"),
    SIGNALED("was sent its reload signal"),
    NOT_LISTENING("does not listen"),
    LISTENING("listens again"),
    SOCKET_REMOVED("makes its socket file again, since it was removed"),
    SOCKET_TAKEN("has lost its socket file to another program"),
    MAX_WORKERS("clients wait although all workers run"),
    QUEUE_OVERFLOW("clients are refused"),
    WORKERS_FAILED("clients are refused since all workers have failed"),
    RECYCLED("a worker is replaced"),
    NOT_REPLACED("a worker could not be replaced"),
    SLOW_REQUEST("a worker is busy with one request for long"),
    REQUEST_TIMEOUT("a worker is killed, since one request takes too long");

    private final String words;

    Notice(String words) {
        this.words = words;
    }

    /** For people, and the same in each language. */
    public String words() {
        return words;
    }
}
