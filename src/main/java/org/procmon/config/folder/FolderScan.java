package org.procmon.config.folder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;

/**
 * Looks into a folder. What cannot be used is told with the reason; nothing that is there makes it
 * fail. Any thread; blocks as long as the file system takes. Source: inode(7), path_resolution(7).
 */
public final class FolderScan {
    /** The most names that are looked at in one folder and those inside it. */
    private static final int MOST_NAMES = 100_000;

    /** The most entries whose reasons are told. */
    private static final int MOST_UNUSED = 1_000;

    private static final int DEEPEST = 16;

    /** For a caller that cannot find out whether files are still being written. */
    public static final Predicate<Path> UNKNOWN = _ -> false;

    /** The reason for a file that is not whole yet. */
    public static final String UNFINISHED = "it is still being written";

    private final FolderQuery query;
    private final Predicate<Path> isBeingWritten;
    private final PathMatcher matcher;
    private final List<FolderEntry> entries = new ArrayList<>();
    private final List<UnusedEntry> unused = new ArrayList<>();
    private int names;

    private FolderScan(FolderQuery query, Predicate<Path> isBeingWritten) {
        this.query = query;
        this.isBeingWritten = isBeingWritten;
        this.matcher = FileSystems.getDefault().getPathMatcher("glob:" + query.pattern());
    }

    /**
     * What is in the folder now.
     *
     * @param isBeingWritten whether a program is not whole yet
     * @throws IllegalArgumentException if the pattern is no glob
     */
    public static FolderListing of(FolderQuery query, Predicate<Path> isBeingWritten) {
        return of(query, isBeingWritten, FolderListing.EMPTY);
    }

    /**
     * The same.
     *
     * @param before what was in the folder: if there is more than may be used, it goes on
     */
    public static FolderListing of(
            FolderQuery query, Predicate<Path> isBeingWritten, FolderListing before) {
        FolderScan scan = new FolderScan(query, isBeingWritten);
        Path folder = query.directory();
        Optional<String> problem = FolderSafety.problemOf(folder);
        if (problem.isPresent()) {
            scan.leave(folder, problem.get());
        } else {
            scan.look(folder, 0);
            scan.limit(
                    before.entries().stream().map(FolderEntry::path).collect(Collectors.toSet()));
        }
        return new FolderListing(FileStamp.ownUid(), scan.entries, scan.unused);
    }

    private void look(Path folder, int depth) {
        TreeSet<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (++names > MOST_NAMES) {
                    leave(query.directory(), "it has more than " + MOST_NAMES + " names");
                    return;
                }
                found.add(file);
            }
        } catch (IOException e) {
            leave(folder, reason(e));
        } catch (DirectoryIteratorException e) {
            IOException cause = e.getCause();
            leave(folder, cause == null ? "it cannot be read" : reason(cause));
        }
        found.forEach(file -> consider(file, depth));
    }

    private void consider(Path file, int depth) {
        boolean matches = matcher.matches(file.getFileName());
        boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        if (query.kind() == FolderQuery.Kind.FOLDER) {
            if (matches && Files.isDirectory(file)) {
                use(file);
            }
        } else if (isFolder) {
            enter(file, depth);
        } else if (matches) {
            use(file);
        }
    }

    private void enter(Path folder, int depth) {
        if (!query.recursive() || isHidden(folder)) {
            return;
        }
        if (depth == DEEPEST) {
            leave(folder, "it is more than " + DEEPEST + " folders deep");
            return;
        }
        Optional<String> problem = FolderSafety.ownProblemOf(folder);
        if (problem.isPresent()) {
            leave(folder, problem.get());
        } else {
            look(folder, depth + 1);
        }
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    /** Whether it is a socket, a fifo or a device. */
    private static boolean isSpecial(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException _) {
            return false;
        }
    }

    private void use(Path file) {
        if (isHidden(file)) {
            // Sockets are ours, or those of programs.
            if (!isSpecial(file)) {
                leave(file, "its name starts with a dot");
            }
            return;
        }
        if (ByteText.hasStray(BytePath.text(file))) {
            leave(file, "its name is not UTF-8");
            return;
        }
        try {
            Optional<String> problem =
                    query.kind() == FolderQuery.Kind.FOLDER ? Optional.empty() : problemOf(file);
            if (problem.isPresent()) {
                leave(file, problem.get());
            } else {
                entries.add(entry(file));
            }
        } catch (IOException e) {
            leave(file, reason(e));
        }
    }

    /** Those that are in use already keep their places; then the first by their paths. */
    private void limit(Set<String> inUse) {
        if (entries.size() <= query.most()) {
            return;
        }
        Set<FolderEntry> chosen =
                entries.stream()
                        .sorted(Comparator.comparing(entry -> !inUse.contains(entry.path())))
                        .limit(query.most())
                        .collect(Collectors.toSet());
        List<FolderEntry> all = List.copyOf(entries);
        entries.retainAll(chosen);
        for (FolderEntry entry : all) {
            if (!chosen.contains(entry)) {
                leave(
                        BytePath.of(entry.path()),
                        "there are %d others, and '%s' allows no more; raise it"
                                .formatted(
                                        query.most(),
                                        query.kind() == FolderQuery.Kind.FOLDER
                                                ? "max_sites"
                                                : "max_apps"));
            }
        }
    }

    private Optional<String> problemOf(Path file) throws IOException {
        return FolderSafety.problemOf(file, query.directory())
                .or(() -> isBeingWritten.test(file) ? Optional.of(UNFINISHED) : Optional.empty());
    }

    private FolderEntry entry(Path file) throws IOException {
        FileStamp own = FileStamp.of(file, LinkOption.NOFOLLOW_LINKS);
        boolean isFolder = query.kind() == FolderQuery.Kind.FOLDER;
        Path target = file.toRealPath();
        boolean isLink = Files.isSymbolicLink(file);
        return new FolderEntry(
                BytePath.text(file),
                BytePath.text(query.directory().relativize(file)),
                own.uid(),
                own.user(),
                own.group(),
                isFolder ? "" : own.text() + FileStamp.of(file).text() + besides(file),
                isLink && !isFolder ? List.of(BytePath.text(target)) : List.of());
    }

    /** The variables of a program, beside it. */
    private static String besides(Path file) {
        Path variables = BytePath.of(BytePath.text(file) + ".env");
        try {
            return FileStamp.of(variables).text();
        } catch (IOException _) {
            return "";
        }
    }

    private void leave(Path file, String reason) {
        if (unused.size() < MOST_UNUSED) {
            unused.add(new UnusedEntry(BytePath.text(file), reason));
        }
    }

    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            default -> {
                String message = e.getMessage();
                yield message == null ? e.getClass().getSimpleName() : message;
            }
        };
    }
}
