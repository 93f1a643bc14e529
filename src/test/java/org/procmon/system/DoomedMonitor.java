package org.procmon.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.procmon.app.ProcmonMain;

/**
 * A monitor that does as the fifo {@code doom} in the test's folder says, once. After {@link #FAIL}
 * its main thread fails: nobody ever interrupts the loop, so being interrupted is a bug to it.
 * After {@link #HANG} its loop hangs as soon as it has to look at a process. After any other word,
 * the thread of that name fails.
 */
public final class DoomedMonitor {
    static final String FAIL = "fail";
    static final String HANG = "hang";

    private DoomedMonitor() {}

    public static void main(String[] args) {
        Thread main = Thread.currentThread();
        Path doom = Path.of(System.getenv("DIR"), "doom");
        Thread.ofPlatform().daemon().name("doom").start(() -> fulfil(doom, main));
        ProcmonMain.main(args);
    }

    private static void fulfil(Path doom, Thread main) {
        try {
            switch (Files.readString(doom)) {
                case FAIL -> main.interrupt();
                case HANG -> hang();
                case String thread -> new ThreadKiller().kill(thread);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void hang() throws ClassNotFoundException {
        // Whoever reads in /proc takes this lock.
        synchronized (Class.forName("org.procmon.posix.ProcFile")) {
            while (true) {
                LockSupport.park();
            }
        }
    }
}
