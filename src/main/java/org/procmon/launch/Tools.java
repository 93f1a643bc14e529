package org.procmon.launch;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the tools are; each is looked up once it is needed. One thread at a time. */
final class Tools {
    static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

    private final Path root;
    private final List<String> folders;
    private final Map<Tool, String> found = new EnumMap<>(Tool.class);

    /**
     * @param root what their paths are to begin at
     * @param folders absolute ones, in it
     */
    Tools(Path root, List<String> folders) {
        this.root = root;
        this.folders = List.copyOf(folders);
    }

    /** Those of another root; these if there is none. */
    Tools in(Optional<Path> other) {
        return other.isEmpty() ? this : new Tools(other.get(), folders);
    }

    /** Refuses the start if there is no such tool. */
    String path(Tool tool) throws Refusal {
        String known = found.get(tool);
        if (known != null) {
            return known;
        }
        for (String folder : folders) {
            // In another root a link cannot be followed from here.
            String path = folder + "/" + tool.program();
            if (Files.exists(root.resolve(path.substring(1)), LinkOption.NOFOLLOW_LINKS)) {
                found.put(tool, path);
                return path;
            }
        }
        String place = root.getNameCount() == 0 ? "" : " in " + root;
        throw new Refusal(
                "",
                "cannot find '"
                        + tool.program()
                        + "'"
                        + place
                        + ": the package "
                        + tool.distribution()
                        + " has it");
    }
}
