package org.procmon.front.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;

/**
 * A folder below which files are found. Nothing outside of it is opened, even if someone exchanges
 * folders for links meanwhile: each part of a path is opened relative to the descriptor of the part
 * before it, and links are not followed. A path that has links is resolved first, and what it
 * resolves to is opened in the same way. Any thread; blocks.
 *
 * <p>So each folder on the way must be readable, not only searchable. Source: openat(2), {@code
 * O_NOFOLLOW}.
 */
final class FileTree {
    private final Path root;

    /**
     * @param root absolute; may be a link
     */
    FileTree(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** What was found. It is to be closed. */
    sealed interface Found extends Closeable {
        /** The folder that it is, or in which it is. */
        SecureDirectoryStream<Path> folder();

        @Override
        default void close() throws IOException {
            folder().close();
        }
    }

    /** A folder. */
    record Folder(SecureDirectoryStream<Path> folder) implements Found {
        /** A file or folder in it. */
        record Child(String name, boolean isFolder) {}

        /** What is in it, by name; no more than so many. */
        List<Child> children(int most) throws IOException {
            List<Child> children = new ArrayList<>();
            try {
                for (Path child : folder) {
                    if (children.size() == most) {
                        break;
                    }
                    Path name = child.getFileName();
                    if (name != null) {
                        boolean isFolder =
                                kind(folder, name)
                                        .map(BasicFileAttributes::isDirectory)
                                        .orElse(false);
                        children.add(new Child(BytePath.text(name), isFolder));
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            children.sort(Comparator.comparing(Child::name));
            return children;
        }
    }

    /** A regular file. */
    record RegularFile(
            SecureDirectoryStream<Path> folder, Path name, BasicFileAttributes attributes)
            implements Found {
        OpenFile open() throws IOException {
            return opened(folder, name, attributes);
        }

        /** The regular file beside it that has its name and a suffix. */
        Optional<OpenFile> beside(String suffix) throws IOException {
            Path other = BytePath.of(BytePath.text(name) + suffix);
            try {
                Optional<BasicFileAttributes> found = kind(folder, other);
                return found.isPresent() && found.get().isRegularFile()
                        ? Optional.of(opened(folder, other, found.get()))
                        : Optional.empty();
            } catch (FileSystemException _) {
                return Optional.empty();
            }
        }
    }

    private static OpenFile opened(
            SecureDirectoryStream<Path> folder, Path name, BasicFileAttributes attributes)
            throws IOException {
        SeekableByteChannel channel =
                folder.newByteChannel(
                        name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        return new OpenFile(channel, channel.size(), attributes.lastModifiedTime().toInstant());
    }

    private static Optional<BasicFileAttributes> kind(SecureDirectoryStream<Path> folder, Path name)
            throws IOException {
        try {
            return Optional.of(attributes(folder, name));
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException _) {
            return Optional.empty();
        }
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name)
            throws IOException {
        return folder.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /**
     * Finds a file or folder.
     *
     * @param path from the root on; empty, or from a slash on, without dot segments
     * @return empty if there is none, or neither a regular file nor a folder, or one elsewhere
     * @throws AccessDeniedException if it may not be read
     */
    Optional<Found> find(String path) throws IOException {
        try {
            Optional<List<Path>> names = names(path);
            if (names.isEmpty()) {
                return Optional.empty();
            }
            Walk walk = new Walk();
            Optional<Found> found = walk.to(root, names.get());
            return found.isEmpty() && walk.metLink ? resolved(names.get()) : found;
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException | InvalidPathException _) {
            return Optional.empty();
        }
    }

    private Optional<Found> resolved(List<Path> names) throws IOException {
        Path way = root;
        for (Path name : names) {
            way = way.resolve(name);
        }
        Path realRoot = root.toRealPath();
        Path real = way.toRealPath();
        if (!real.startsWith(realRoot)) {
            return Optional.empty();
        }
        List<Path> realNames = new ArrayList<>();
        for (int i = realRoot.getNameCount(); i < real.getNameCount(); i++) {
            realNames.add(real.getName(i));
        }
        return new Walk().to(realRoot, realNames);
    }

    private static Optional<List<Path>> names(String path) {
        List<Path> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                return Optional.empty();
            }
            if (!name.isEmpty()) {
                names.add(BytePath.of(name));
            }
        }
        return Optional.of(names);
    }

    /** One way down. */
    private static final class Walk {
        private boolean metLink;

        @SuppressWarnings("StreamResourceLeak") // It is closed here, or with what is found.
        private Optional<Found> to(Path root, List<Path> names) throws IOException {
            SecureDirectoryStream<Path> here = secure(Files.newDirectoryStream(root));
            boolean isKept = false;
            try {
                for (int i = 0; i < names.size(); i++) {
                    Path name = names.get(i);
                    BasicFileAttributes attributes = attributes(here, name);
                    metLink |= attributes.isSymbolicLink();
                    if (attributes.isRegularFile() && i == names.size() - 1) {
                        isKept = true;
                        return Optional.of(new RegularFile(here, name, attributes));
                    }
                    if (!attributes.isDirectory()) {
                        return Optional.empty();
                    }
                    SecureDirectoryStream<Path> next =
                            here.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
                    here.close();
                    here = next;
                }
                isKept = true;
                return Optional.of(new Folder(here));
            } finally {
                if (!isKept) {
                    here.close();
                }
            }
        }

        private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream)
                throws IOException {
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                return secure;
            }
            stream.close();
            throw new IOException("files can be served safely on Linux only");
        }
    }
}
