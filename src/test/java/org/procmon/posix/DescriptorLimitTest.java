package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In a process of its own, as a limit is the whole process's. */
@Timeout(120)
class DescriptorLimitTest {
    @Test
    void theOwnLimitIsRaisedAndAChildGetsTheOneThatWasGiven() throws Exception {
        assertThat(run("ulimit -Sn 100; ulimit -Hn 400", 210))
                .containsExactly(
                        "given 100, soft 300",
                        "child: 100 400",
                        "given 100, soft 300",
                        "200 aside",
                        "the rest among the others",
                        "a child has 200 of them",
                        "40 aside between children",
                        "given 100, soft 300");
    }

    @Test
    void itIsRaisedNoFurtherThanItMay() throws Exception {
        assertThat(run("ulimit -Sn 100; ulimit -Hn 150", 60))
                .contains("given 100, soft 150", "50 aside");
    }

    @Test
    void whereItMayNotBeRaisedNothingChanges() throws Exception {
        assertThat(run("ulimit -n 100", 20))
                .contains("given 100, soft 100", "child: 100 100", "0 aside");
    }

    @Test
    void theKernelsTableGrowsBeforeItIsNeeded() throws Exception {
        int many = (int) Math.min(DescriptorLimit.soft() - 1, 5_000);
        DescriptorLimit.reserve(many);
        assertThat(tableSize()).isGreaterThan(many);
        assertThat(Files.exists(Path.of("/proc/self/fd/" + many))).isFalse();
        DescriptorLimit.reserve(DescriptorLimit.soft() + 1);
    }

    private static int tableSize() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("FDSize:"))
                    .mapToInt(line -> Integer.parseInt(line.substring("FDSize:".length()).strip()))
                    .sum();
        }
    }

    private static List<String> run(String limits, int descriptors) throws Exception {
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                limits + "; exec \"$@\"",
                                "sh",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:-MaxFDLimit",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Limited.class.getName(),
                                descriptors + "")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader told = process.inputReader(StandardCharsets.UTF_8)) {
            return told.lines().toList();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The process. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] args) {
            DescriptorLimit.raise(200);
            tell();
            spawn("echo child: $(ulimit -Sn) $(ulimit -Hn)", List.of());
            tell();
            List<Descriptor> all = new ArrayList<>();
            long aside = 0;
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                if (Descriptor.look("/dev/null") instanceof Descriptor.Result.Opened opened) {
                    all.add(DescriptorLimit.aside(opened.descriptor()));
                    aside += DescriptorLimit.isAside(all.getLast()) ? 1 : 0;
                }
            }
            System.out.println(aside + " aside");
            System.out.println(
                    all.size() > aside ? "the rest among the others" : "no number is left");
            spawn(
                    "[ -e /proc/$$/fd/202 ] && [ ! -e /proc/$$/fd/203 ]"
                            + " && echo a child has 200 of them",
                    all.subList(0, Math.min(200, all.size())));
            all.forEach(Descriptor::close);
            moveWhileOthersSpawn();
            tell();
        }

        /** A child that does not have the limit that was given says so. */
        private static void moveWhileOthersSpawn() {
            String check = "[ $(ulimit -Sn) -eq " + DescriptorLimit.given() + " ] || echo wrong";
            List<Integer> pids = Collections.synchronizedList(new ArrayList<>());
            List<Thread> makers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                makers.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int child = 0; child < 20; child++) {
                                        pids.add(begin(check, List.of()));
                                    }
                                }));
            }
            List<Descriptor> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                if (Descriptor.look("/dev/null") instanceof Descriptor.Result.Opened opened) {
                    all.add(DescriptorLimit.aside(opened.descriptor()));
                }
            }
            System.out.println(
                    all.stream().filter(DescriptorLimit::isAside).count()
                            + " aside between children");
            for (Thread maker : makers) {
                while (maker.isAlive()) {
                    Thread.onSpinWait();
                }
            }
            pids.forEach(Limited::reap);
        }

        private static void tell() {
            System.out.println(
                    "given " + DescriptorLimit.given() + ", soft " + DescriptorLimit.soft());
        }

        private static void spawn(String script, List<Descriptor> held) {
            reap(begin(script, held));
        }

        private static int begin(String script, List<Descriptor> held) {
            Spawn.Request request =
                    new Spawn.Request(
                            List.of("sh", "-c", script),
                            Environment.of(Map.of("PATH", "/usr/bin:/bin")),
                            Map.of(),
                            Optional.empty(),
                            new Spawn.Streams(
                                    new Spawn.Stream.DevNull(),
                                    new Spawn.Stream.Inherit(),
                                    new Spawn.Stream.Inherit()),
                            held,
                            Optional.empty(),
                            true);
            return ((Spawn.Result.Started) Spawn.spawn(request)).pid();
        }

        private static void reap(int pid) {
            while (Children.reap(pid).isEmpty()) {
                Children.awaitAnyEnded();
            }
        }
    }
}
