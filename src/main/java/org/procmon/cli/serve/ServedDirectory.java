package org.procmon.cli.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What {@code serve} runs: each program of a directory as an application that starts when it is
 * asked for, behind the HTTP front, with the queries of the monitor at {@code /procs}.
 *
 * @param directory with the programs, absolute
 * @param listen where the front listens
 * @param files a directory whose files are served, absolute; empty for none
 * @param idleTimeout after how long without requests an application is stopped; empty for the
 *     default
 */
public record ServedDirectory(
        Path directory, String listen, Optional<Path> files, Optional<String> idleTimeout) {
    /** Where it listens if nothing is said. */
    public static final String LISTEN = "127.0.0.1:8080";

    private static final String NAME = "serve.json";
    private static final String CONTROL = "/procs";
    private static final String ROOT = "root";
    private static final String UNPRIVILEGED = "nobody";

    /** As whom programs run that belong to root, if the monitor runs as root. */
    public Optional<String> user() throws IOException {
        boolean isRoot = owner(Path.of("/proc/self")).equals(ROOT);
        return isRoot && owner(directory).equals(ROOT)
                ? Optional.of(UNPRIVILEGED)
                : Optional.empty();
    }

    private static String owner(Path file) throws IOException {
        return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
    }

    /**
     * Writes the configuration into the state directory of the monitor, which is made.
     *
     * @return the file
     */
    public Path write(Path state) throws IOException {
        Files.createDirectories(
                state,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return Files.write(state.resolve(NAME), json());
    }

    private byte[] json() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("dropins");
            out.writeStartObject();
            out.writeStringProperty("id", "apps");
            out.writeStringProperty("directory", BytePath.text(directory));
            out.writeStringProperty("pattern", "*");
            // A hidden file is not taken for a program.
            out.writeStringProperty("listen", "$(directory)/.$(name).sock");
            user().ifPresent(user -> out.writeStringProperty("user", user));
            idleTimeout.ifPresent(time -> out.writeStringProperty("idle_timeout", time));
            out.writeEndObject();
            out.writeEndArray();
            out.writeObjectPropertyStart("http");
            out.writeStringProperty("listen", listen);
            out.writeArrayPropertyStart("routes");
            routes(out);
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void routes(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("path", CONTROL);
        out.writeStringProperty("serve", "control");
        out.writeEndObject();
        out.writeStartObject();
        out.writeStringProperty("dropin", "apps");
        out.writeEndObject();
        files.ifPresent(folder -> {
            out.writeStartObject();
            out.writeObjectPropertyStart("static");
            out.writeStringProperty("directory", BytePath.text(folder));
            out.writeEndObject();
            out.writeEndObject();
        });
    }
}
