package org.procmon.launch;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Transfer;
import org.procmon.spec.EnvFile;
import org.procmon.spec.EnvText;

/**
 * Reads the files of {@code env_file}. They hold secrets, so a file that others can read or change
 * is refused, and nothing of what one holds is ever told. One thread at a time; blocks as long as
 * reading takes.
 */
final class EnvFiles {
    private static final int LARGEST = 1 << 20;
    private static final int PIECE = 1 << 16;
    private static final int ROOT = 0;
    private static final int GROUP_WRITES = 020;
    private static final int OTHERS_WRITE = 02;
    private static final int OTHERS_READ = 04;

    private final FileStatus status = new FileStatus();
    private final Transfer transfer = new Transfer();
    private final int uid;

    /**
     * @param uid the monitor's own user
     */
    EnvFiles(int uid) {
        this.uid = uid;
    }

    /** The variables of all files; of one given twice, the last. */
    Map<String, String> read(List<EnvFile> files) throws Refusal {
        Map<String, String> variables = new LinkedHashMap<>();
        for (EnvFile file : files) {
            switch (Descriptor.read(BytePath.text(file.path()))) {
                case Descriptor.Result.Opened(Descriptor open) -> {
                    try (open) {
                        variables.putAll(read(file.path(), open));
                    }
                }
                case Descriptor.Result.NotOpened(Errno errno) -> {
                    if (!file.optional() || !errno.equals(Errno.ENOENT)) {
                        throw refusal(file.path(), errno.words());
                    }
                }
            }
        }
        return variables;
    }

    private Map<String, String> read(Path file, Descriptor open) throws Refusal {
        // Asked of the open file, so that it cannot be another one by the time it is read.
        if (!status.read(open) || !status.isRegular()) {
            throw refusal(file, "it is no regular file");
        }
        Optional<String> danger = danger(file);
        if (danger.isPresent()) {
            throw refusal(file, danger.get());
        }
        try {
            return EnvText.read(text(file, open));
        } catch (EnvText.BadLine e) {
            throw refusal(file, String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> danger(Path file) {
        int owner = status.owner();
        if (owner != ROOT && owner != uid) {
            return Optional.of(
                    "it belongs to user "
                            + Integer.toUnsignedString(owner)
                            + ", who is neither root nor the monitor's own user");
        }
        int mode = status.mode();
        String who = null;
        if ((mode & OTHERS_WRITE) != 0) {
            who = "everybody change it";
        } else if ((mode & OTHERS_READ) != 0) {
            who = "everybody read it";
        } else if ((mode & GROUP_WRITES) != 0) {
            who = "its group change it";
        }
        return who == null
                ? Optional.empty()
                : Optional.of(
                        String.format("its mode %04o lets %s; do chmod 600 %s", mode, who, file));
    }

    private String text(Path file, Descriptor open) throws Refusal {
        byte[] bytes = new byte[LARGEST + 1];
        Buffer piece = new Buffer(PIECE);
        int length = 0;
        while (length <= LARGEST) {
            int most = Math.min(PIECE, bytes.length - length);
            long count = transfer.readAt(open, length, piece, most);
            if (count < 0) {
                throw refusal(file, Transfer.errno(count).words());
            }
            if (count == 0) {
                return decoded(file, ByteBuffer.wrap(bytes, 0, length));
            }
            piece.copyTo(bytes, length, (int) count);
            length += (int) count;
        }
        throw refusal(file, "it is larger than 1 MiB");
    }

    private static String decoded(Path file, ByteBuffer bytes) throws Refusal {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            throw refusal(file, "it is not UTF-8");
        }
    }

    private static Refusal refusal(Path file, String reason) {
        return new Refusal("cannot read env_file '" + file + "': " + reason);
    }
}
