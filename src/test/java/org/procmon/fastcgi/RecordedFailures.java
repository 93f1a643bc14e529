package org.procmon.fastcgi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a program would end of. */
public final class RecordedFailures implements Thread.UncaughtExceptionHandler {
    /** One thread's end. */
    public record Failure(String thread, Throwable thrown) {}

    private final List<Failure> seen = new CopyOnWriteArrayList<>();

    /** All so far, in order. */
    public List<Failure> seen() {
        return seen;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        seen.add(new Failure(thread.getName(), thrown));
    }
}
