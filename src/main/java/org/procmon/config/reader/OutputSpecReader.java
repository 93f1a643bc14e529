package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.FileAccess;
import org.procmon.config.OutputSpec;

/** Reads {@code stdout} and {@code stderr}. */
final class OutputSpecReader {
    private static final String STDOUT = "stdout";
    private static final String KEYS =
            "an object with 'file', 'max_size', 'keep', 'timestamps', 'mode', 'owner' and 'group'";

    private static final String MODE = "permission bits in octal such as \"0640\"";
    private static final int OWNER_READS_AND_WRITES = 0600;

    /** A smaller size would start a new file every few lines. */
    private static final long LEAST_SIZE = 1000;

    private static final long LARGEST_SIZE = 1L << 50;
    private static final int MOST_KEPT = 1000;

    private final PathReader paths;
    private final AccountReader accounts;
    private final Problems problems;

    OutputSpecReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.accounts = new AccountReader(problems);
        this.problems = problems;
    }

    /**
     * Reads one of the two keys.
     *
     * @param files receives the file that the key names
     */
    OutputSpec read(ObjectReader process, String key, List<ProcessEntry.LogFile> files) {
        JsonValue jsonValue = process.value(key);
        String expected =
                key.equals(STDOUT)
                        ? "\"inherit\", \"null\" or " + KEYS
                        : "\"inherit\", \"null\", \"stdout\" or " + KEYS;
        if (jsonValue instanceof JsonValue.Members object) {
            return captured(new ObjectReader(object, Keys.OUTPUT_STREAM, problems), key, files);
        }
        if (jsonValue instanceof JsonValue.Text text) {
            switch (text.value()) {
                case "inherit" -> {
                    return new OutputSpec.Inherited();
                }
                case "null" -> {
                    return new OutputSpec.Discarded();
                }
                case STDOUT -> {
                    if (!key.equals(STDOUT)) {
                        return new OutputSpec.WithStdout();
                    }
                    problems.badText("'" + key + "'", expected, text);
                }
                default -> problems.badText("'" + key + "'", expected, text);
            }
        } else if (jsonValue != null) {
            problems.wrongKind("'" + key + "'", expected, jsonValue);
        }
        return OutputSpec.DEFAULT;
    }

    /** The first stream set replaces the one that the second needs. */
    void checkBoth(ObjectReader process, OutputSpec stdout, OutputSpec stderr) {
        JsonValue jsonValue = process.value("stderr");
        if (jsonValue != null && isOther(stdout) && isOther(stderr)) {
            problems.add(
                    jsonValue.offset(),
                    "'stdout' cannot go to /dev/stderr while 'stderr' goes to /dev/stdout");
        }
    }

    private static boolean isOther(OutputSpec spec) {
        return spec instanceof OutputSpec.Inherited inherited && inherited.descriptor().isPresent();
    }

    private OutputSpec captured(
            ObjectReader objectReader, String key, List<ProcessEntry.LogFile> files) {
        Optional<Path> file = paths.read(objectReader, "file");
        JsonValue at = objectReader.value("file");
        OutputSpec.Captured captured =
                new OutputSpec.Captured(
                        file,
                        maxSize(objectReader),
                        objectReader.count("keep", 0, MOST_KEPT, OutputSpec.DEFAULT.keep()),
                        objectReader.flag("timestamps", OutputSpec.DEFAULT.timestamps()),
                        access(objectReader));
        Optional<OutputSpec> device = file.flatMap(path -> device(path, key));
        if (device.isPresent()) {
            if (captured.timestamps() || !captured.access().equals(FileAccess.DEFAULT)) {
                problems.add(
                        objectReader.offset(),
                        "'timestamps', 'mode', 'owner' and 'group' need a log file, and "
                                + file.get()
                                + " is none");
            }
            return device.get();
        }
        if (file.isPresent() && at != null) {
            files.add(new ProcessEntry.LogFile(key, file.get(), at.offset()));
        }
        return captured;
    }

    /**
     * The meaning, on every machine, of the paths of the monitor's own streams and of /dev/null.
     */
    private static Optional<OutputSpec> device(Path path, String key) {
        return switch (path.normalize().toString()) {
            case "/dev/null" -> Optional.of(new OutputSpec.Discarded());
            case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> Optional.of(monitors(1, key));
            case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> Optional.of(monitors(2, key));
            default -> Optional.empty();
        };
    }

    private static OutputSpec monitors(int descriptor, String key) {
        boolean same = (descriptor == 1) == key.equals(STDOUT);
        return same
                ? new OutputSpec.Inherited()
                : new OutputSpec.Inherited(OptionalInt.of(descriptor));
    }

    private FileAccess access(ObjectReader objectReader) {
        return new FileAccess(
                mode(objectReader),
                accounts.read(objectReader.value("owner"), "'owner'", AccountReader.USER),
                accounts.read(objectReader.value("group"), "'group'", AccountReader.GROUP));
    }

    private OptionalInt mode(ObjectReader objectReader) {
        JsonValue.Text text = objectReader.asText(objectReader.value("mode"), "mode", MODE);
        if (text == null) {
            return OptionalInt.empty();
        }
        String digits = text.value();
        int mode = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            mode = digit < 0 || digit > 7 || mode < 0 ? -1 : mode * 8 + digit;
        }
        if (digits.length() < 3 || digits.length() > 4 || mode < 0 || mode > 0777) {
            problems.badText("'mode'", MODE, text);
            return OptionalInt.empty();
        }
        if ((mode & OWNER_READS_AND_WRITES) != OWNER_READS_AND_WRITES) {
            problems.add(text.offset(), "'mode' must let its owner read and write");
        }
        return OptionalInt.of(mode);
    }

    private long maxSize(ObjectReader objectReader) {
        String key = "max_size";
        long size = objectReader.size(key, OutputSpec.DEFAULT.maxBytes());
        JsonValue jsonValue = objectReader.value(key);
        if (jsonValue != null && size != 0 && (size < LEAST_SIZE || size > LARGEST_SIZE)) {
            problems.add(
                    jsonValue.offset(),
                    "'" + key + "' must be 0, for no limit, or from \"1kB\" to \"1024TiB\"");
        }
        return size;
    }
}
