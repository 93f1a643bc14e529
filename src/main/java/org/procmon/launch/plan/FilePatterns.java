package org.procmon.launch.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procmon.bytes.BytePath;
import org.procmon.config.EnvFile;
import org.procmon.config.reader.Glob;

/** Finds the files that match patterns of systemd's syntax. */
final class FilePatterns {
    private FilePatterns() {}

    /**
     * The files, those of a pattern sorted by name; a pattern without a match stays, as a missing
     * file.
     */
    static List<EnvFile> expanded(List<EnvFile> files) {
        List<EnvFile> expanded = new ArrayList<>();
        for (EnvFile file : files) {
            List<Path> found =
                    file.ofSystemd() && Glob.isPattern(BytePath.text(file.path()))
                            ? Glob.files(Path.of("/"), BytePath.text(file.path()))
                            : List.of();
            for (Path path : found) {
                expanded.add(
                        new EnvFile(
                                path,
                                file.optional(),
                                file.isPublic(),
                                file.overrides(),
                                file.ofSystemd(),
                                file.ofProgram()));
            }
            if (found.isEmpty()) {
                expanded.add(file);
            }
        }
        return expanded;
    }
}
