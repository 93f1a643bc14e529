package org.procmon.config.reader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.procmon.bytes.BytePath;
import org.procmon.config.InputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.http.HttpSpec;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;

/** The program that serves {@code http}: {@code http_proc}, which is installed beside procmon. */
final class HttpProgram {
    private static final String NAME = "http_proc";

    private HttpProgram() {}

    /** Its command line. */
    static List<String> command(List<ListenSpec> listen) {
        String kinds =
                listen.stream()
                        .map(one -> one.address() instanceof PoolAddress.UnixPath ? "unix" : "tcp")
                        .collect(Collectors.joining(","));
        return List.of(
                path(),
                "--inherit",
                kinds.isEmpty() ? "tcp" : kinds,
                "--ready-fd",
                Integer.toString(HttpSpec.READY_DESCRIPTOR));
    }

    private static String path() {
        Path beside =
                BytePath.absolute(Path.of(System.getProperty("procmon.program", "procmon")))
                        .resolveSibling(NAME);
        return Files.isExecutable(beside) ? BytePath.text(beside) : NAME;
    }

    /** The same process with its listening sockets. */
    static ProcessSpec listening(ProcessSpec process, List<ListenSpec> listen) {
        return process.reading(new InputSpec.Front(listen));
    }
}
