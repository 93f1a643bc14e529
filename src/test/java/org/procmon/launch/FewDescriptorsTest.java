package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.output.OutputCapture;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Kin;
import org.procmon.posix.ProcessStat;
import org.procmon.supervise.port.ExitListener;

/** A monitor without a single descriptor left takes its runs over nevertheless. */
@Timeout(120)
class FewDescriptorsTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void aRunIsAdoptedSignalledAndItsEndSeen() throws Exception {
        int first = kin.grandchild(folder, "exec sleep 1000", Kin.NEVER_REAPS);
        int second = kin.grandchild(folder, "exec sleep 1000", Kin.NEVER_REAPS);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process monitor =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -n 64; exec \"$@\"",
                                "sh",
                                java,
                                "-XX:-MaxFDLimit",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPathOfFiles(),
                                Exhausted.class.getName(),
                                first + "",
                                second + "",
                                folder.toString())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        try (BufferedReader told = monitor.inputReader(StandardCharsets.UTF_8)) {
            assertThat(told.lines().toList())
                    .as(() -> errors())
                    .containsExactly(
                            "adopted: true",
                            "was ended by SIGKILL",
                            "no descriptor is left",
                            "adopted: true",
                            "another birth is adopted: false",
                            "was ended by SIGKILL");
        } finally {
            monitor.destroyForcibly().waitFor();
        }
        assertThat(errors()).contains("web has no pidfd, polling it instead pid=" + second);
    }

    /** The classes in one file, which stays open: from a folder each is read by a descriptor. */
    private String classPathOfFiles() throws IOException {
        Path jar = folder.resolve("classes.jar");
        List<String> files = new ArrayList<>(List.of(jar.toString()));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : System.getProperty("java.class.path").split(":", -1)) {
                Path path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    copy(path, out);
                } else if (path.getFileName().toString().startsWith("slf4j-")) {
                    // The JVM opens each file of the class path, and few may be open.
                    files.add(entry);
                }
            }
        }
        return String.join(":", files);
    }

    private static void copy(Path classes, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The monitor. */
    static final class Exhausted {
        private static final ProcessSpec WEB = SpecBuilder.process("web").build();

        private Exhausted() {}

        public static void main(String[] args) throws InterruptedException {
            SynchronousQueue<ExitStatus> ends = new SynchronousQueue<>();
            Reaper reaper = new Reaper();
            PosixLauncher launcher =
                    new PosixLauncher(
                            reaper,
                            new OutputCapture(Path.of(args[2], "fifo"), Path.of(args[2])),
                            Path.of(args[2], "started"),
                            Map.of(),
                            Map.of());
            Thread.ofPlatform().daemon().start(() -> reaper.reapFor(telling(ends)));

            Run first = run(Integer.parseInt(args[0]));
            Run second = run(Integer.parseInt(args[1]));
            // This makes what is made once, which takes descriptors.
            takeOver(launcher, ends, first, false);
            List<Descriptor> all = new ArrayList<>();
            while (Descriptor.look("/dev/null") instanceof Descriptor.Result.Opened opened) {
                all.add(opened.descriptor());
            }
            System.out.println("no descriptor is left");
            takeOver(launcher, ends, second, true);
            all.forEach(Descriptor::close);
        }

        private static void takeOver(
                PosixLauncher launcher, SynchronousQueue<ExitStatus> ends, Run run, boolean forge)
                throws InterruptedException {
            System.out.println("adopted: " + launcher.adopt(WEB, run));
            Run forged = new Run(run.pid(), run.born() + 1, 1, new Ticks(0));
            if (forge) {
                System.out.println("another birth is adopted: " + launcher.adopt(WEB, forged));
            }
            launcher.signalGroup("web", run, Signal.KILL);
            System.out.println(ends.take().inWords());
        }

        private static ExitListener telling(SynchronousQueue<ExitStatus> ends) {
            return new ExitListener() {
                @Override
                public void leaderExited(
                        String name, long run, ExitStatus status, ResourceUsage resourceUsage) {
                    try {
                        ends.put(status);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void strangerExited() {}
            };
        }

        private static Run run(int pid) {
            return new Run(pid, ProcessStat.of(pid).orElseThrow().born(), 1, new Ticks(0));
        }
    }
}
