package org.procmon.follow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.procmon.posix.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what keeps a folder from being followed: each thing once, until it is over. One thread. */
final class FolderRemarks {
    private static final Logger LOG = LoggerFactory.getLogger("follow");

    /** Of further sub-folders nothing is said. */
    private static final int MOST = 100;

    private final Path directory;
    private final Set<String> said = new HashSet<>();

    FolderRemarks(Path directory) {
        this.directory = directory;
    }

    void missing() {
        if (isNew("missing")) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue(
                            "reason",
                            Files.exists(directory) ? "it is no directory" : "it does not exist")
                    .addKeyValue("effect", "it is followed as soon as it is there")
                    .log("cannot follow a directory");
        }
    }

    void found() {
        if (said.remove("missing")) {
            LOG.atInfo().addKeyValue("directory", directory).log("follows a directory again");
        }
    }

    /** The kernel watches no more folders. */
    void limited(Errno errno) {
        if (isNew("limited")) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("reason", errno.words())
                    .addKeyValue("effect", "it is looked at every 10 s instead")
                    .addKeyValue(
                            "advice",
                            errno.number() == Errno.ENOSPC
                                    ? "raise fs.inotify.max_user_watches"
                                    : "raise fs.inotify.max_user_instances, or the limit of open"
                                            + " files")
                    .log("cannot watch a directory");
        }
    }

    void unlimited() {
        if (said.remove("limited")) {
            LOG.atInfo().addKeyValue("directory", directory).log("watches a directory again");
        }
    }

    /** If the folder is just not there, another event has followed already. */
    void refused(Path folder, Errno errno) {
        if (errno.number() != Errno.ENOENT_NUMBER && errno.number() != Errno.ENOTDIR) {
            unfollowed(folder, errno.words());
        }
    }

    void tooMany(Path folder, int most) {
        if (isNew("many")) {
            unfollowed(folder, "there are more than " + most + " directories");
        }
    }

    void tooDeep(Path folder, int most) {
        if (isNew("deep")) {
            unfollowed(folder, "it is more than " + most + " levels deep");
        }
    }

    void tooManyFiles(int most) {
        if (isNew("files")) {
            unfollowed(directory, "more than " + most + " files cannot be compared");
        }
    }

    private void unfollowed(Path folder, String reason) {
        if (said.size() < MOST && isNew("folder " + folder)) {
            LOG.atWarn()
                    .addKeyValue("directory", folder)
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", "changes in it are not followed")
                    .log("cannot watch a directory");
        }
    }

    private boolean isNew(String what) {
        return said.add(what);
    }
}
