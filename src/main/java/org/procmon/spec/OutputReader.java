package org.procmon.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code stdout} and {@code stderr}. */
final class OutputReader {
    private static final String STDOUT = "stdout";
    private static final String KEYS = "an object with 'file', 'max_size', 'keep' and 'timestamps'";

    /** Less than that would be a file for each few lines. */
    private static final long LEAST_SIZE = 1000;

    private static final long LARGEST_SIZE = 1L << 50;
    private static final int MOST_KEPT = 1000;

    private final PathReader paths;
    private final Problems problems;

    OutputReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.problems = problems;
    }

    /**
     * Reads one of the two keys.
     *
     * @param files takes the file that is named in it
     */
    OutputSpec read(Section process, String key, List<Entry.LogFile> files) {
        Node node = process.value(key);
        String expected =
                key.equals(STDOUT)
                        ? "\"inherit\", \"null\" or " + KEYS
                        : "\"inherit\", \"null\", \"stdout\" or " + KEYS;
        if (node instanceof Node.Members object) {
            return captured(new Section(object, Keys.OUTPUT_STREAM, problems), key, files);
        }
        if (node instanceof Node.Text text) {
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
        } else if (node != null) {
            problems.wrongKind("'" + key + "'", expected, node);
        }
        return OutputSpec.DEFAULT;
    }

    private OutputSpec captured(Section section, String key, List<Entry.LogFile> files) {
        Optional<Path> file = paths.read(section, "file");
        Node at = section.value("file");
        if (file.isPresent() && at != null) {
            files.add(new Entry.LogFile(key, file.get(), at.offset()));
        }
        return new OutputSpec.Captured(
                file,
                maxSize(section),
                section.count("keep", 0, MOST_KEPT, OutputSpec.DEFAULT.keep()),
                section.flag("timestamps", OutputSpec.DEFAULT.timestamps()));
    }

    private long maxSize(Section section) {
        String key = "max_size";
        long size = section.size(key, OutputSpec.DEFAULT.maxBytes());
        Node node = section.value(key);
        if (node != null && size != 0 && (size < LEAST_SIZE || size > LARGEST_SIZE)) {
            problems.add(
                    node.offset(),
                    "'" + key + "' must be 0, for no limit, or from \"1kB\" to \"1024TiB\"");
        }
        return size;
    }
}
