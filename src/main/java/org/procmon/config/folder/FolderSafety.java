package org.procmon.config.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a folder, or a program in it, may be trusted: nobody else may put another program there.
 */
public final class FolderSafety {
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int REGULAR = 0100000;
    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 0002;
    private static final int EXECUTE = 0111;

    private FolderSafety() {}

    /** Whether everyone can put files into a folder; false if there is no such folder. */
    public static boolean isOpenToAll(Path folder) {
        try {
            return (FileStamp.of(folder).mode() & OTHERS_WRITE) != 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** Why a folder cannot be used; empty if it can. */
    static Optional<String> problemOf(Path folder) {
        Optional<String> own = ownProblemOf(folder);
        if (own.isPresent()) {
            return own;
        }
        for (Path above = folder.getParent(); above != null; above = above.getParent()) {
            try {
                int mode = FileStamp.of(above).mode();
                if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
                    return Optional.of("everyone can rename what is in " + above);
                }
            } catch (IOException e) {
                return Optional.of(FolderScan.reason(e));
            }
        }
        return Optional.empty();
    }

    /** The same without the folders that it is in. */
    static Optional<String> ownProblemOf(Path folder) {
        try {
            int mode = FileStamp.of(folder).mode();
            if ((mode & TYPE) != FOLDER) {
                return Optional.of("it is not a folder");
            }
            return (mode & OTHERS_WRITE) != 0
                    ? Optional.of("everyone can write into the folder")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(FolderScan.reason(e));
        }
    }

    /**
     * Why a file cannot be run; empty if it can.
     *
     * @param folder a link must not lead out of it
     */
    static Optional<String> problemOf(Path file, Path folder) throws IOException {
        if (Files.isSymbolicLink(file)) {
            if (!Files.exists(file)) {
                return Optional.of("it links to a file that does not exist");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                return Optional.of("it links to a file outside the folder");
            }
        }
        int mode = FileStamp.of(file).mode();
        if ((mode & TYPE) != REGULAR) {
            return Optional.of("it is not a file");
        }
        if ((mode & EXECUTE) == 0) {
            return Optional.of("it is not executable");
        }
        return (mode & OTHERS_WRITE) != 0 ? Optional.of("everyone can write it") : Optional.empty();
    }
}
