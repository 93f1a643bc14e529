package org.procmon.trigger.schedule;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.procmon.supervise.port.ScheduleStore;
import org.procmon.supervise.port.SeenTimes;

/**
 * Reads and writes what the next monitor has to know of schedules. It uses a thread of its own,
 * which exists only while there is work: no schedule waits for a disk. Of several pending writes,
 * only the last is done. Safe from any thread.
 */
final class ScheduleStoreThread {
    private final ScheduleStore store;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Object lock = new Object();

    /** All fields below are guarded by the lock. */
    private Optional<Consumer<Map<String, SeenTimes>>> reader = Optional.empty();

    private Optional<Map<String, SeenTimes>> unwritten = Optional.empty();
    private boolean isRunning;

    /**
     * @param bugs handles an exception that ends the thread, which is a bug
     */
    ScheduleStoreThread(ScheduleStore store, Thread.UncaughtExceptionHandler bugs) {
        this.store = store;
        this.bugs = bugs;
    }

    /** Reads the stored times, and passes them to a callback on the thread. */
    void read(Consumer<Map<String, SeenTimes>> taker) {
        synchronized (lock) {
            reader = Optional.of(taker);
            start();
        }
    }

    void write(Map<String, SeenTimes> seen) {
        synchronized (lock) {
            unwritten = Optional.of(seen);
            start();
        }
    }

    private void start() {
        if (!isRunning) {
            isRunning = true;
            Thread.ofPlatform()
                    .daemon()
                    .name("schedule-store")
                    .uncaughtExceptionHandler(bugs)
                    .start(this::run);
        }
    }

    private void run() {
        while (true) {
            Optional<Consumer<Map<String, SeenTimes>>> reading;
            Optional<Map<String, SeenTimes>> writing;
            synchronized (lock) {
                reading = reader;
                writing = unwritten;
                reader = Optional.empty();
                unwritten = Optional.empty();
                if (reading.isEmpty() && writing.isEmpty()) {
                    isRunning = false;
                    return;
                }
            }
            reading.ifPresent(taker -> taker.accept(store.read()));
            writing.ifPresent(store::write);
        }
    }
}
