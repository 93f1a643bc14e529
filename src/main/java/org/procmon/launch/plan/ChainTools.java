package org.procmon.launch.plan;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The paths of the tools; each is looked up when it is first needed. One thread at a time. */
public final class ChainTools {
    public static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

    private final Path root;
    private final List<String> folders;
    private final Map<ChainTool, String> found = new EnumMap<>(ChainTool.class);

    /**
     * @param root the root that their paths are relative to
     * @param folders absolute directories in it
     */
    public ChainTools(Path root, List<String> folders) {
        this.root = root;
        this.folders = List.copyOf(folders);
    }

    /** The tools of another root; these if there is none. */
    ChainTools in(Optional<Path> other) {
        return other.isEmpty() ? this : new ChainTools(other.get(), folders);
    }

    /** Refuses the start if there is no such tool. */
    public String path(ChainTool chainTool) throws LaunchRefused {
        String known = found.get(chainTool);
        if (known != null) {
            return known;
        }
        for (String folder : folders) {
            // In another root a link cannot be followed from here.
            String path = folder + "/" + chainTool.program();
            if (Files.exists(root.resolve(path.substring(1)), LinkOption.NOFOLLOW_LINKS)) {
                found.put(chainTool, path);
                return path;
            }
        }
        String place = root.getNameCount() == 0 ? "" : " in " + root;
        throw new LaunchRefused(
                "",
                "cannot find '"
                        + chainTool.program()
                        + "'"
                        + place
                        + ": the package "
                        + chainTool.distribution()
                        + " has it");
    }
}
