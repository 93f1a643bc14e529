package org.procmon.launch.plan;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.EnvFile;
import org.procmon.config.EnvText;
import org.procmon.config.UnitEnvText;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Transfer;

/**
 * Reads the files of {@code env_file}. They hold secrets, so a file that others can read or change
 * is refused, unless it may be read by all, and their contents are never reported. One thread at a
 * time; blocks as long as reading takes.
 */
public final class EnvFiles {
    private static final String KEY = "env_file";
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
    public EnvFiles(int uid) {
        this.uid = uid;
    }

    /** The variables of all files; the last one wins. */
    public Map<String, String> read(List<EnvFile> files) throws LaunchRefused {
        Map<String, String> variables = new LinkedHashMap<>();
        for (EnvFile file : FilePatterns.expanded(files)) {
            String path = BytePath.text(file.path());
            switch (file.ofProgram() ? Descriptor.look(path) : Descriptor.read(path)) {
                case Descriptor.Result.Opened(Descriptor open) -> {
                    try (open) {
                        variables.putAll(read(file, open));
                    }
                }
                case Descriptor.Result.NotOpened(Errno errno) -> {
                    if (file.ofProgram() && errno.number() == Errno.ELOOP) {
                        throw refusal(file.path(), "it is a link");
                    }
                    if (!file.optional() || !errno.equals(Errno.ENOENT)) {
                        throw refusal(file.path(), errno);
                    }
                }
            }
        }
        return variables;
    }

    private Map<String, String> read(EnvFile spec, Descriptor open) throws LaunchRefused {
        Path file = spec.path();
        // Asked of the open file, so that it cannot be replaced before it is read.
        if (!status.read(open) || !status.isRegular()) {
            throw refusal(file, "it is no regular file");
        }
        Optional<String> danger = danger(spec);
        if (danger.isPresent()) {
            throw refusal(file, danger.get());
        }
        try {
            String text = text(file, open);
            return spec.ofSystemd() ? UnitEnvText.read(text) : EnvText.read(text);
        } catch (EnvText.BadLine e) {
            throw refusal(file, String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> danger(EnvFile file) {
        int owner = status.owner();
        if (owner != ROOT && owner != uid && !file.ofProgram()) {
            return Optional.of(
                    "it belongs to user "
                            + Integer.toUnsignedString(owner)
                            + ", who is neither root nor the monitor's own user");
        }
        int mode = status.mode();
        String others = null;
        String remedy = "do chmod " + (file.isPublic() ? "go-w " : "600 ") + file.path();
        if ((mode & OTHERS_WRITE) != 0) {
            others = "everybody change it";
        } else if ((mode & OTHERS_READ) != 0 && !file.isPublic()) {
            others = "everybody read it";
            remedy += ", or say \"public\": true if it holds no secrets";
        } else if ((mode & GROUP_WRITES) != 0) {
            others = "its group change it";
        }
        return others == null
                ? Optional.empty()
                : Optional.of(String.format("its mode %04o lets %s; %s", mode, others, remedy));
    }

    private String text(Path file, Descriptor open) throws LaunchRefused {
        byte[] bytes = new byte[LARGEST + 1];
        Buffer piece = new Buffer(PIECE);
        int length = 0;
        while (length <= LARGEST) {
            int most = Math.min(PIECE, bytes.length - length);
            long count = transfer.readAt(open, length, piece, most);
            if (count < 0) {
                throw refusal(file, Transfer.errno(count));
            }
            if (count == 0) {
                return decoded(file, ByteBuffer.wrap(bytes, 0, length));
            }
            piece.copyTo(bytes, length, (int) count);
            length += (int) count;
        }
        throw refusal(file, "it is larger than 1 MiB");
    }

    private static String decoded(Path file, ByteBuffer bytes) throws LaunchRefused {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            throw refusal(file, "it is not UTF-8");
        }
    }

    private static LaunchRefused refusal(Path file, String reason) {
        return new LaunchRefused(KEY, "cannot read env_file '" + file + "': " + reason);
    }

    private static LaunchRefused refusal(Path file, Errno errno) {
        return LaunchRefused.of(KEY, "cannot read env_file '" + file + "'", errno);
    }
}
