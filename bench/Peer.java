import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The supervisors that are compared: how each is configured, started and ended. */
enum Peer {
    /** One monitor, as its peers are. */
    PROCMON("procmon", "TERM", 1),

    /** Two monitors, of which one only waits for the other's death. */
    PAIR("procmon", "TERM", 1),
    /** A loop of wait and posix_spawn in C, bare.c, which no supervisor can beat. */
    BARE("bare", "TERM", 1),
    RUNIT("runsvdir", "HUP", 2),
    S6("s6-svscan", "TERM", 2),
    SUPERVISOR("supervisord", "TERM", 1);

    /**
     * The program that the path is searched for, and the signal that makes it end its children and
     * itself.
     */
    final String program;

    final String stopSignal;

    /** How many processes one child costs: runit and s6 have a supervising process for each. */
    final int processesPerChild;

    Peer(String program, String stopSignal, int processesPerChild) {
        this.program = program;
        this.stopSignal = stopSignal;
        this.processesPerChild = processesPerChild;
    }

    /** The name in tables, which is that of Debian's package too. */
    String title() {
        return switch (this) {
            case PAIR -> "procmon -f";
            case BARE -> "bare C";
            default -> name().toLowerCase();
        };
    }

    boolean installed() {
        if (this == PROCMON || this == PAIR) {
            return true;
        }
        return !Bench.comparesBuilds() && isThere();
    }

    private boolean isThere() {
        return this == BARE
                || List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /**
     * Writes a configuration for these children, by name, and returns the command that runs them.
     */
    List<String> configure(Path folder, Map<String, String> children) throws IOException {
        return configure(folder, children, "");
    }

    /** As above, with keys that are added to each child's configuration, in its own language. */
    List<String> configure(Path folder, Map<String, String> children, String keys)
            throws IOException {
        return switch (this) {
            case PROCMON, PAIR -> {
                List<String> entries = new ArrayList<>();
                children.forEach(
                        (name, command) ->
                                entries.add(
                                        "{\"id\": \"%s\", \"exec\": \"%s\", \"monitored\": true%s}"
                                                .formatted(name, command, keys)));
                Path file = folder.resolve("procmon.json");
                Files.writeString(file, "{\"processes\": [" + String.join(",\n", entries) + "]}\n");
                yield this == PAIR
                        ? List.of(Bench.procmon(), "-f", file.toString())
                        : List.of(Bench.procmon(), "run", "--no-backup", file.toString());
            }
            case BARE -> {
                Path file = folder.resolve("commands");
                Files.write(file, children.values());
                yield List.of(Bench.work().resolve(program).toString(), file.toString());
            }
            case RUNIT -> List.of(program, "-P", services(folder, children).toString());
            // s6-svscan takes 500 services unless told otherwise.
            case S6 -> List.of(program, "-c", "2000", services(folder, children).toString());
            case SUPERVISOR -> {
                StringBuilder file = new StringBuilder();
                file.append("[unix_http_server]\nfile=%1$s/supervisor.sock\n".formatted(folder))
                        .append("[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = ")
                        .append("supervisor.rpcinterface:make_main_rpcinterface\n")
                        .append(
                                "[supervisorctl]\nserverurl=unix://%s/supervisor.sock\n"
                                        .formatted(folder))
                        .append(
                                "[supervisord]\nnodaemon=true\nuser=%s\nminfds=8192\n"
                                        .formatted(System.getProperty("user.name")))
                        .append(
                                "logfile=%1$s/supervisord.log\npidfile=%1$s/pid\nchildlogdir=%1$s\n"
                                        .formatted(folder));
                children.forEach(
                        (name, command) ->
                                file.append(
                                        "[program:%s]\ncommand=%s\n%s"
                                                .formatted(name, command, keys)));
                Path path = Files.writeString(folder.resolve("supervisord.conf"), file);
                yield List.of(program, "-c", path.toString());
            }
        };
    }

    /** The command that tells a person how the children are. */
    List<String> statusCommand(Path folder) {
        return switch (this) {
            case PROCMON, PAIR -> List.of(Bench.procmon(), "-l");
            case SUPERVISOR ->
                    List.of(
                            "supervisorctl",
                            "-c",
                            folder.resolve("supervisord.conf").toString(),
                            "status");
            case BARE, RUNIT, S6 ->
                    throw new IllegalArgumentException(this + " has no command for all children");
        };
    }

    /**
     * The command that restarts all children. Those of procmon, runit and supervisor wait until they
     * are up, that of s6 only tells each of them.
     */
    List<String> restartCommand(Path folder, Map<String, String> children) {
        return switch (this) {
            case PROCMON, PAIR -> List.of(Bench.procmon(), "restart", "*");
            case SUPERVISOR ->
                    List.of(
                            "supervisorctl",
                            "-c",
                            folder.resolve("supervisord.conf").toString(),
                            "restart",
                            "all");
            case RUNIT -> {
                List<String> words = new ArrayList<>(List.of("sv", "-w", "60", "restart"));
                children.keySet().forEach(name -> words.add(folder + "/services/" + name));
                yield words;
            }
            case S6 ->
                    List.of(
                            "sh",
                            "-c",
                            "for s in %s/services/*; do s6-svc -r $s; done".formatted(folder));
            case BARE -> throw new IllegalArgumentException(this + " restarts only what has ended");
        };
    }

    private static Path services(Path folder, Map<String, String> children) throws IOException {
        Path services = Files.createDirectory(folder.resolve("services"));
        for (Map.Entry<String, String> child : children.entrySet()) {
            Path run = Files.createDirectory(services.resolve(child.getKey())).resolve("run");
            Files.writeString(run, "#!/bin/sh\nexec " + child.getValue() + "\n");
            Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        }
        return services;
    }
}
