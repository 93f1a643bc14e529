package org.procmon.posix;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Children of the test, and grandchildren, which are somebody else's children. All are session
 * leaders, and all end with the test.
 */
public final class Kin {
    private static final Environment ENVIRONMENT =
            Environment.of(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Its child leads a session too; $2 says how its parent goes on. */
    private static final String PARENT = "setsid sh -c \"$1\" & echo $!; eval \"$2\"";

    /** The parent waits for its child, and reaps it. */
    public static final String REAPS = "wait; exec sleep 1000";

    /** The parent leaves its child a zombie. */
    public static final String NEVER_REAPS = "exec sleep 1000";

    /** Says {@code ready} when it does so: exits with 7 on SIGTERM. */
    public static final String SEVEN_ON_TERM =
            "exec perl -e '$SIG{TERM} = sub { exit 7 }; $| = 1; print qq(ready\\n); sleep 1000'";

    private final List<Integer> children = new ArrayList<>();
    private final List<Integer> grandchildren = new ArrayList<>();
    private int files;
    private Path output = Path.of("");

    /** Starts a child that runs a shell script. */
    public int child(Path folder, String script) {
        return child(folder, Map.of(), List.of("sh", "-c", script));
    }

    public int child(Path folder, Map<String, String> variables, List<String> argv) {
        output = folder.resolve("out" + files++);
        Descriptor.Result file = Descriptor.append(output.toString());
        try (Descriptor out = ((Descriptor.Result.Opened) file).descriptor()) {
            Spawn.Request request =
                    new Spawn.Request(
                            argv,
                            ENVIRONMENT,
                            variables,
                            Optional.empty(),
                            new Spawn.Streams(
                                    new Spawn.Stream.DevNull(),
                                    new Spawn.Stream.Held(out),
                                    new Spawn.Stream.SameAsOut()),
                            List.of(),
                            Optional.empty(),
                            true);
            int pid = ((Spawn.Result.Started) Spawn.spawn(request)).pid();
            children.add(pid);
            return pid;
        }
    }

    /** Starts a grandchild that runs a shell script. */
    public int grandchild(Path folder, String script, String parentGoesOn) {
        child(folder, Map.of(), List.of("sh", "-c", PARENT, "sh", script, parentGoesOn));
        awaitOutput("\n");
        int pid = Integer.parseInt(output().lines().findFirst().orElseThrow());
        await().atMost(PATIENCE)
                .until(() -> ProcessStat.of(pid).filter(ProcessStat::leadsSession).isPresent());
        grandchildren.add(pid);
        return pid;
    }

    /** Waits until the youngest, and what it started, has written this. */
    public void awaitOutput(String text) {
        await().atMost(PATIENCE).until(() -> output().contains(text));
    }

    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills all, and reaps those that were not reaped yet. */
    public void end() {
        for (int pid : grandchildren) {
            Signals.sendToGroup(pid, 9);
        }
        for (int pid : children) {
            Signals.sendToGroup(pid, 9);
        }
        for (int pid : children) {
            await().atMost(PATIENCE)
                    .until(() -> Children.reap(pid).isPresent() || !Signals.processExists(pid));
        }
    }
}
