package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The applications and servers that pools are tested with. A missing one fails the test. */
final class PeerPrograms {
    private static final long MOST_SECONDS = 300;
    private static final List<String> FOLDERS =
            List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/sbin", "/bin");

    /** By their names; guarded by this class. */
    private static final Map<String, Path> COMPILED = new HashMap<>();

    private PeerPrograms() {}

    static String find(String program, String packageName) {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(missing(program, packageName)))
                .toString();
    }

    static String missing(String what, String packageName) {
        return "cannot test without %s: please install it (apt-get install %s)"
                .formatted(what, packageName);
    }

    static Path product() {
        Path folder =
                Path.of(System.getProperty("procmon.product", "target/procmon")).toAbsolutePath();
        if (!Files.isExecutable(folder.resolve("bin/procmon"))) {
            throw new AssertionError(
                    "cannot test " + folder + ": it was not built; ./build.sh makes it");
        }
        return folder;
    }

    static boolean areRunByRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** A libfcgi application with one thread or several. */
    static synchronized Path application() throws IOException {
        return compiled("pool-app");
    }

    /** A libfcgi application with faults; its source names them. */
    static synchronized Path badApplication() throws IOException {
        return compiled("bad-app");
    }

    /** Compiles a C program once for all tests. */
    private static Path compiled(String name) throws IOException {
        Path known = COMPILED.get(name);
        if (known != null) {
            return known;
        }
        if (!Files.exists(Path.of("/usr/include/fcgiapp.h"))) {
            throw new AssertionError(missing("fcgiapp.h", "libfcgi-dev"));
        }
        Path folder = Files.createTempDirectory("procmon-" + name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        Path program = compileC(folder, source(folder, name + ".c"));
        COMPILED.put(name, program);
        return program;
    }

    private static void delete(Path folder) {
        for (String file : Objects.requireNonNullElse(folder.toFile().list(), new String[0])) {
            var _ = folder.resolve(file).toFile().delete();
        }
        var _ = folder.toFile().delete();
    }

    /** Compiles the application into a folder so that it needs no other file. */
    static Path staticApplication(Path folder) throws IOException {
        return compileC(folder, source(folder, "pool-app.c"), "-static");
    }

    /** Compiles a C program, with libfcgi, into a folder that other users may enter. */
    static Path compileC(Path folder, Path source, String... options) throws IOException {
        String name = source.getFileName().toString();
        Path program = openFolder(folder).resolve(name.substring(0, name.lastIndexOf('.')));
        List<String> command = new ArrayList<>(List.of(find("gcc", "gcc"), "-pthread"));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", program.toString(), source.toString(), "-lfcgi"));
        compile(new ProcessBuilder(command), folder);
        return program;
    }

    /** Compiles the Go program, with caches in the same folder. */
    static Path compileGo(Path folder) throws IOException {
        Path program = openFolder(folder).resolve("pool-app-go");
        ProcessBuilder compiler =
                new ProcessBuilder(
                        find("go", "golang-go"),
                        "build",
                        "-o",
                        program.toString(),
                        source(folder, "pool-app.go").toString());
        compiler.environment().put("GO111MODULE", "off");
        compiler.environment().put("GOCACHE", folder.resolve("cache").toString());
        compiler.environment().put("GOPATH", folder.resolve("path").toString());
        compile(compiler, folder);
        return program;
    }

    /** A copy of a resource of this package, which any user may read. */
    static Path source(Path folder, String name) throws IOException {
        Path copy = openFolder(folder).resolve(name);
        try (InputStream in = PeerPrograms.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(in, name), copy);
        }
        return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Lets other users, such as the one of a web server, enter a folder. */
    static Path openFolder(Path folder) throws IOException {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void compile(ProcessBuilder compiler, Path folder) throws IOException {
        Path log = folder.resolve("compiler.log");
        Process running = compiler.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            boolean hasEnded = running.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            assertThat(hasEnded && running.waitFor() == 0)
                    .as("%s: %s", compiler.command(), Files.readString(log))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot wait for " + compiler.command(), e);
        } finally {
            running.destroyForcibly();
        }
    }
}
