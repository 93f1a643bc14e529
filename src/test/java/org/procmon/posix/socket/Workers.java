package org.procmon.posix.socket;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.posix.Children;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Signals;

/** Workers of a test, each with a listener as descriptor 0; all end with the test. */
public final class Workers {
    private static final int KILL = 9;
    private final Map<Integer, Path> outputs = new LinkedHashMap<>();

    public int start(Descriptor listener, Path folder, String... argv) {
        try {
            Path output = Files.createFile(folder.resolve("output" + outputs.size()));
            int pid = TestListeners.worker(listener, output, argv);
            outputs.put(pid, output);
            return pid;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String output(int pid) {
        try {
            return Files.readString(outputs.get(pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void end() {
        outputs.keySet().forEach(this::end);
    }

    public void end(int pid) {
        Signals.sendToGroup(pid, KILL);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Children.reap(pid).isPresent() || !Signals.processExists(pid));
    }
}
