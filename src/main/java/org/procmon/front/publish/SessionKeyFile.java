package org.procmon.front.publish;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.InputSpec;
import org.procmon.config.MonitorSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key with which all processes of the HTTP front sign the cookies of sessions. Only the user
 * that they run as may read it. Blocks as the disk and the user database do.
 */
record SessionKeyFile(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger("front");
    private static final int BYTES = 32;
    private static final String OWNER_ONLY = "rw-------";

    /** Makes it, unless it is there and belongs to that user. */
    void make(MonitorSpec spec) {
        try {
            Optional<UserPrincipal> user = user(spec);
            if (isThere(user)) {
                return;
            }
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(next);
            Files.createFile(
                    next,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(OWNER_ONLY)));
            try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
                Files.write(next, random.readNBytes(BYTES), StandardOpenOption.WRITE);
            }
            if (user.isPresent()) {
                Files.setOwner(next, user.get());
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.toString())
                    .log("cannot make the key of sessions; they end with their process");
        }
    }

    private boolean isThere(Optional<UserPrincipal> user) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != BYTES) {
            return false;
        }
        boolean isItsOwn = user.isEmpty() || Files.getOwner(file).equals(user.get());
        return isItsOwn
                && Files.getPosixFilePermissions(file)
                        .equals(Set.copyOf(PosixFilePermissions.fromString(OWNER_ONLY)));
    }

    private Optional<UserPrincipal> user(MonitorSpec spec) throws IOException {
        Optional<String> name =
                spec.processes().stream()
                        .filter(process -> process.stdin() instanceof InputSpec.Front)
                        .findFirst()
                        .flatMap(process -> process.identity().user());
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        file.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(name.get()));
    }
}
