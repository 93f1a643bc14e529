package org.procmon.front.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.procmon.bytes.BytePath;
import org.procmon.front.config.FileVersion;
import org.procmon.front.config.FrontAuth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users and tokens of two files, which are looked at when somebody comes, at most once a
 * second. A file that cannot be used changes nothing. Any thread; blocks as the disk does.
 */
final class AuthFiles {
    private static final Logger LOG = LoggerFactory.getLogger("auth");
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What the files say. */
    record Content(PasswordFile users, TokenFile tokens) {}

    private final Optional<Path> users;
    private final Optional<Path> tokens;
    private List<FileVersion> versions;
    private Content content;
    private long looked = System.nanoTime();

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be used, with the reason
     */
    AuthFiles(FrontAuth auth) throws IOException {
        this.users = Optional.ofNullable(auth.users()).map(BytePath::of);
        this.tokens = Optional.ofNullable(auth.tokens()).map(BytePath::of);
        this.versions = versions();
        this.content = read();
    }

    /** What they say now. */
    synchronized Content content() {
        long now = System.nanoTime();
        if (now - looked >= LOOK_NANOS) {
            looked = now;
            follow();
        }
        return content;
    }

    private void follow() {
        List<FileVersion> present = versions();
        if (present.equals(versions)) {
            return;
        }
        versions = present;
        try {
            content = read();
            LOG.atInfo()
                    .addKeyValue("users", content.users().count())
                    .addKeyValue("tokens", content.tokens().count())
                    .log("using the changed files");
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot use the changed files; those before count");
        }
    }

    private Content read() throws IOException {
        return new Content(
                users.isPresent() ? PasswordFile.read(users.get()) : PasswordFile.NONE,
                tokens.isPresent() ? TokenFile.read(tokens.get()) : TokenFile.NONE);
    }

    private List<FileVersion> versions() {
        return Stream.of(users, tokens)
                .map(file -> file.map(FileVersion::of).orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }
}
