package org.procmon.front.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.procmon.config.MonitorSpec;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says what the HTTP front serves, in the state directory. It is replaced as a whole
 * when the configuration changes, and anyone may read it: it holds no secret.
 */
public final class FrontConfigFile implements Feature {
    private static final Logger LOG = LoggerFactory.getLogger("front");

    /** Its name; {@code http_proc} looks for it, too. */
    private static final String NAME = "http.json";

    private final Path file;

    /**
     * Writes the file.
     *
     * @param state the state directory
     */
    public FrontConfigFile(Path state, MonitorSpec spec) {
        this.file = state.resolve(NAME);
        write(spec);
    }

    @Override
    public void on(Change change) {
        // Nothing that happens to processes concerns it.
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        write(spec);
    }

    private void write(MonitorSpec spec) {
        if (spec.http().isEmpty()) {
            return;
        }
        if (spec.http().get().access().auth().isPresent()) {
            new SessionKeyFile(file.resolveSibling("http.key")).make(spec);
        }
        byte[] json = new FrontConfigWriter(spec).json(spec.http().get());
        Path next = file.resolveSibling(NAME + ".new");
        try {
            if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), json)) {
                return;
            }
            Files.write(next, json);
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot say what the front serves; it serves as before");
        }
    }
}
