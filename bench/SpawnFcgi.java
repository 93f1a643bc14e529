import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Workers that spawn-fcgi has started, and that nobody looks after. Closing it ends them. */
final class SpawnFcgi implements AutoCloseable {
    static final String TITLE = "spawn-fcgi";

    private final Path pids;
    private final Thread atExit = new Thread(this::end);

    private SpawnFcgi(Path pids) {
        this.pids = pids;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static Table.Column column() {
        return new Table.Column(TITLE, installed());
    }

    static boolean installed() {
        return !Bench.comparesBuilds()
                && List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, TITLE)));
    }

    static SpawnFcgi start(Path folder, Path socket, int workers, String program)
            throws IOException, InterruptedException {
        Path pids = folder.resolve("pids");
        SpawnFcgi spawned = new SpawnFcgi(pids);
        Command.run(
                folder,
                List.of(
                        "env",
                        "PHP_FCGI_MAX_REQUESTS=0",
                        TITLE,
                        "-s",
                        socket.toString(),
                        "-F",
                        "" + workers,
                        "-P",
                        pids.toString(),
                        "--",
                        "/usr/bin/" + program));
        return spawned;
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void end() {
        try {
            for (String pid : Files.readString(pids).strip().split("\\s+")) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
            Files.delete(pids);
        } catch (IOException | NumberFormatException none) {
            return;
        }
    }
}
