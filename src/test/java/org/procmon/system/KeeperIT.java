package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output is held by somebody at every moment, also while the keeper is replaced. */
@Timeout(180)
class KeeperIT {
    private static final int ROUNDS = 4;
    private static final int RELOADS = 6;

    @TempDir Path folder = Path.of("");

    /** Writes numbered lines without end, once, and records how many it has certainly written. */
    private static String writer() {
        return "{\"id\": \"writer\", \"monitored\": true, \"exec\": [\"perl\", \"-e\", \""
                + "use IO::Handle; my $d = $ENV{DIR};"
                + " sleep 1000 if -e qq($d/stop); open(C, '+>', qq($d/count));"
                + " while (1) { syswrite(STDOUT, ++$i.qq(\\\\n));"
                + " sysseek(C, 0, 0); syswrite(C, sprintf('%020d', $i)); }\"],"
                + " \"stdout\": {\"max_size\": \"1GB\"}}";
    }

    @Test
    void nothingIsLostIfMonitorAndWriterDieWhileTheKeeperIsReplaced() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            Path place = Files.createDirectory(folder.resolve("round" + round));
            Path file = place.resolve("procmon.json");
            try (TestMonitor first = TestMonitor.start(place, Config.of(writer()))) {
                int pid = first.awaitRun("writer", 1).pid();
                patiently().until(() -> keepers(first).size() == 1);
                patiently().until(() -> count(place) > 1000);

                Files.writeString(file, Config.of(writer(), Config.program("new", "sleep 1000")));
                Process reload =
                        TestProduct.builder(place, List.of(TestProduct.procmon(), "reload"))
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start();
                // The instant is what this is about.
                boolean _ = reload.waitFor(80 + random.nextInt(400), TimeUnit.MILLISECONDS);
                Files.createFile(place.resolve("stop"));
                TestProduct.signal("KILL", List.of(first.pid(), pid));
                int _ = reload.waitFor();
                patiently().until(() -> Proc.hasEnded(first.pid()) && Proc.hasEnded(pid));
                long written = count(place);

                try (TestMonitor second = TestMonitor.start(place, Config.of(writer()))) {
                    second.awaitRun("writer", 2);
                    patiently()
                            .untilAsserted(() ->
                                    assertThat(lastLine(place)).isGreaterThanOrEqualTo(written));
                    assertInOrder(place);
                }
            }
        }
    }

    /** The one before ends once the next one has all fifos open. */
    @Test
    void theFifosAreOpenAtEveryMoment() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("p0", "sleep 1000")))) {
            monitor.awaitRun("p0", 1);
            patiently().until(() -> keepers(monitor).size() == 1);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger gaps = new AtomicInteger();
            Thread watcher =
                    Thread.ofPlatform()
                            .start(() -> {
                                boolean wasHeld = true;
                                while (!over.get()) {
                                    boolean isHeld = isHeldByAKeeper(monitor.pid());
                                    // One may end after, and its successor be born before it is
                                    // looked at.
                                    if (!isHeld && !wasHeld) {
                                        gaps.incrementAndGet();
                                    }
                                    wasHeld = isHeld;
                                }
                            });
            List<String> processes = new ArrayList<>(List.of(Config.program("p0", "sleep 1000")));
            for (int i = 1; i <= RELOADS; i++) {
                int before = keepers(monitor).getFirst();
                processes.add(Config.program("p" + i, "sleep 1000"));
                Files.writeString(
                        monitor.file("procmon.json"), Config.of(processes.toArray(String[]::new)));
                assertThat(monitor.cli("reload").code()).isZero();
                String newest = "p" + i + ".out";
                patiently()
                        .until(() ->
                                Proc.hasEnded(before)
                                        && keepers(monitor).size() == 1
                                        && !holders(monitor, newest).isEmpty());
            }
            over.set(true);
            watcher.join();
            assertThat(gaps).hasValue(0);
        }
    }

    private static List<Integer> keepers(TestMonitor monitor) {
        return Proc.children(monitor.pid()).stream()
                .map(Proc.Stat::pid)
                .filter(pid ->
                        Proc.environment(pid).stream()
                                .anyMatch(v -> v.startsWith("PROCMON_ID=procmon-keeper")))
                .filter(pid -> !Proc.hasEnded(pid))
                .toList();
    }

    private static List<Integer> holders(TestMonitor monitor, String fifo) {
        return keepers(monitor).stream()
                .filter(pid -> {
                    try {
                        return Proc.descriptors(pid).values().stream()
                                .anyMatch(path -> path.endsWith("/fifo/" + fifo));
                    } catch (IOException _) {
                        return false;
                    }
                })
                .toList();
    }

    /** Takes well below a millisecond, unlike a look at all processes. */
    private static boolean isHeldByAKeeper(int monitor) {
        String[] threads = new File("/proc/" + monitor + "/task").list();
        for (String thread : threads == null ? new String[0] : threads) {
            try {
                Path children = Path.of("/proc/" + monitor + "/task/" + thread + "/children");
                for (String child : Files.readString(children).split(" ", -1)) {
                    if (!child.isBlank() && isKeeperWithFifo(Integer.parseInt(child.strip()))) {
                        return true;
                    }
                }
            } catch (IOException _) {
                // The thread has ended.
            }
        }
        return false;
    }

    private static boolean isKeeperWithFifo(int pid) {
        try {
            return Proc.environment(pid).stream()
                            .anyMatch(v -> v.startsWith("PROCMON_ID=procmon-keeper"))
                    && Proc.descriptors(pid).values().stream()
                            .anyMatch(path -> path.endsWith("/fifo/p0.out"));
        } catch (IOException | DirectoryIteratorException _) {
            return false;
        }
    }

    private static long count(Path place) throws IOException {
        Path file = place.resolve("count");
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static Path log(Path place) {
        return place.resolve("state/log/writer.log");
    }

    private static long lastLine(Path place) throws IOException {
        List<String> lines = Files.readAllLines(log(place));
        return lines.isEmpty() ? 0 : Long.parseLong(lines.getLast());
    }

    private static void assertInOrder(Path place) throws IOException {
        long before = 0;
        for (String line : Files.readAllLines(log(place))) {
            assertThat(Long.parseLong(line)).isEqualTo(++before);
        }
    }
}
