package org.procmon.config.reader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.procmon.bytes.BytePath;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpSpec;
import org.procmon.config.pool.PoolAddress;

/** The program that serves {@code http}: {@code http_proc}, which is installed beside procmon. */
final class HttpProgram {
    private static final String NAME = "http_proc";

    private HttpProgram() {}

    /** Its command line. */
    static List<String> command(HttpSpec spec) {
        String tcp = spec.access().tls().isPresent() ? "tls" : "tcp";
        String kinds =
                spec.listen().stream()
                        .map(one -> one.address() instanceof PoolAddress.UnixPath ? "unix" : tcp)
                        .collect(Collectors.joining(","));
        List<String> words = new ArrayList<>();
        words.add(path());
        words.add("--inherit");
        words.add(kinds.isEmpty() ? tcp : kinds);
        words.add("--ready-fd");
        words.add(Integer.toString(HttpSpec.READY_DESCRIPTOR));
        if (!handed(spec).isEmpty()) {
            words.add("--tls-fds");
        }
        return words;
    }

    /** The files that the monitor opens for it, since its user may not. */
    static List<Path> handed(HttpSpec spec) {
        return spec.access()
                .tls()
                .filter(HttpAccess.Tls::isHanded)
                .map(tls -> List.of(tls.certificate(), tls.key()))
                .orElse(List.of());
    }

    private static String path() {
        Path beside =
                BytePath.absolute(Path.of(System.getProperty("procmon.program", "procmon")))
                        .resolveSibling(NAME);
        return Files.isExecutable(beside) ? BytePath.text(beside) : NAME;
    }

    /** The same process with its listening sockets. */
    static ProcessSpec listening(ProcessSpec process, HttpSpec spec) {
        return process.reading(new InputSpec.Front(spec.listen(), handed(spec)));
    }
}
