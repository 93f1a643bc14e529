package org.procmon.front.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.front.request.Exchange;
import org.procmon.front.request.Substitutes;

/** The folders whose files applications may have the front send. */
public final class SentFiles {
    private final List<FileTree> trees = new ArrayList<>();

    /**
     * @param folders absolute
     */
    public SentFiles(List<String> folders) {
        for (String folder : folders) {
            trees.add(new FileTree(BytePath.of(folder)));
        }
    }

    /**
     * Answers with a file. Fields of the response that are there already are kept.
     *
     * @param path absolute
     * @return why nothing was sent; empty if it was
     */
    public Optional<Substitutes.Failure> send(Exchange exchange, String path) throws IOException {
        Path file;
        try {
            file = BytePath.of(path);
        } catch (InvalidPathException _) {
            return Optional.of(new Substitutes.Failure(502, "it is no path"));
        }
        if (!file.isAbsolute()) {
            return Optional.of(new Substitutes.Failure(502, "it is not absolute"));
        }
        boolean isBelow = false;
        for (FileTree tree : trees) {
            Optional<String> below = below(tree.root(), file);
            isBelow |= below.isPresent();
            if (below.isPresent() && send(exchange, tree, below.get())) {
                return Optional.empty();
            }
        }
        return Optional.of(
                isBelow
                        ? new Substitutes.Failure(
                                404, "there is no such file, or it may not be read")
                        : new Substitutes.Failure(502, "it is not below a folder of 'x_sendfile'"));
    }

    private static boolean send(Exchange exchange, FileTree tree, String path) throws IOException {
        Optional<FileTree.Found> found;
        try {
            found = tree.find(path);
        } catch (AccessDeniedException _) {
            return false;
        }
        if (found.isEmpty()) {
            return false;
        }
        try (FileTree.Found open = found.get()) {
            if (!(open instanceof FileTree.RegularFile file)) {
                return false;
            }
            try (OpenFile opened = file.open()) {
                FileSender.send(exchange, opened, path);
            }
        }
        return true;
    }

    /** The path from the folder on; applications may know the folder by its path without links. */
    private static Optional<String> below(Path folder, Path file) {
        if (file.startsWith(folder)) {
            return Optional.of(from(folder, file));
        }
        try {
            Path real = folder.toRealPath();
            return file.startsWith(real) ? Optional.of(from(real, file)) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String from(Path folder, Path file) {
        StringBuilder path = new StringBuilder();
        for (int i = folder.getNameCount(); i < file.getNameCount(); i++) {
            path.append('/').append(BytePath.text(file.getName(i)));
        }
        return path.toString();
    }
}
