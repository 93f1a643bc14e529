package org.procmon.system.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the programs under test and their companions are. A missing one fails the test. */
final class Programs {
    private static final List<String> FOLDERS =
            List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/sbin", "/bin");

    private Programs() {}

    /** The built product's folder. */
    static Path product() {
        Path folder =
                Path.of(System.getProperty("procmon.product", "target/procmon")).toAbsolutePath();
        for (String program : List.of("procmon", "fcgi_proc")) {
            if (!Files.isExecutable(folder.resolve("bin").resolve(program))) {
                throw new AssertionError(
                        "cannot test " + folder + ": it was not built; ./build.sh makes it");
            }
        }
        return folder;
    }

    /** The checkout: tests run in it. */
    static Path checkout() {
        return Path.of("").toAbsolutePath();
    }

    static String lighttpd() {
        return find("lighttpd", "lighttpd");
    }

    static String curl() {
        return find("curl", "curl");
    }

    static String wget() {
        return find("wget", "wget");
    }

    static String python() {
        return find("python3", "python3");
    }

    static String chromium() {
        return find("chromium", "chromium");
    }

    static String spawnFcgi() {
        return find("spawn-fcgi", "spawn-fcgi");
    }

    static String setpriv() {
        return find("setpriv", "util-linux");
    }

    static boolean areRunByRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static String find(String program, String packageName) {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(
                                "cannot test without "
                                        + program
                                        + ": please install it (apt-get install "
                                        + packageName
                                        + ")"))
                .toString();
    }
}
