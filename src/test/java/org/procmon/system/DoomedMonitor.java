package org.procmon.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.procmon.app.ProcmonMain;

/**
 * A monitor whose main thread fails as soon as somebody writes to the fifo {@code doom} in the
 * test's folder: nobody ever interrupts the loop, so being interrupted is a bug to it.
 */
public final class DoomedMonitor {
    private DoomedMonitor() {}

    public static void main(String[] args) {
        Thread main = Thread.currentThread();
        Path doom = Path.of(System.getenv("DIR"), "doom");
        Thread.ofPlatform().daemon().name("doom").start(() -> {
            try {
                Files.readAllBytes(doom);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            main.interrupt();
        });
        ProcmonMain.main(args);
    }
}
