package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.procmon.bytes.BytePath;
import org.procmon.config.ConfigBundle;
import org.procmon.config.Document;
import org.procmon.config.Problem;
import org.procmon.config.folder.FolderListing;
import org.procmon.config.folder.FolderQuery;
import org.procmon.config.folder.FolderSafety;
import org.procmon.config.folder.FolderScan;

/** Where to find the files that a configuration includes. */
sealed interface IncludeResolver {
    /** The files on disk now. */
    static IncludeResolver disk() {
        return new OnDisk(false, FolderScan.UNKNOWN);
    }

    /**
     * The same; of the files that are followed, bad ones are left out.
     *
     * @param isBeingWritten whether a program is not whole yet
     */
    static IncludeResolver forgiving(Predicate<Path> isBeingWritten) {
        return new OnDisk(true, isBeingWritten);
    }

    /**
     * The file of this name.
     *
     * @throws IOException if it cannot be read; its message is suitable for a {@link Problem}
     */
    Document file(Path path) throws IOException;

    /**
     * The files in a directory that match a pattern by name, in the order of their names.
     *
     * @param glob as for {@link java.nio.file.FileSystem#getPathMatcher}
     * @throws IOException if they cannot be read; its message is suitable for a {@link Problem}
     */
    List<Document> matching(Path folder, String glob) throws IOException;

    /**
     * The same for files that are followed: read again whenever they change.
     *
     * @throws IOException if the folder cannot be read; its message is suitable for a {@link
     *     Problem}
     */
    default List<FollowedFile> followed(Path folder, String glob) throws IOException {
        List<FollowedFile> files = new ArrayList<>();
        matching(folder, glob).forEach(document -> files.add(new FollowedFile.Read(document)));
        return files;
    }

    /** Whether a bad file of those that are followed is left out; else it is a problem. */
    boolean isForgiving();

    /** A file that is followed as it was before it changed, if it was used. */
    default Optional<Document> before(String path) {
        return Optional.empty();
    }

    /** What is in a folder whose content is configuration. */
    FolderListing folder(FolderQuery query);

    /**
     * The same.
     *
     * @param before what was in use: it goes on if there is more than may be used
     */
    default FolderListing folder(FolderQuery query, FolderListing before) {
        return folder(query);
    }

    private static PathMatcher matcher(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    /** Files as they are now. */
    record OnDisk(boolean isForgiving, Predicate<Path> isBeingWritten) implements IncludeResolver {
        @Override
        public Document file(Path path) throws IOException {
            byte[] bytes = SpecReader.bytes(path);
            // For a link, the owners of the link itself. Thus several links can share one template.
            PosixFileAttributes owners =
                    Files.readAttributes(
                            path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Document(
                    BytePath.text(path), owners.owner().getName(), owners.group().getName(), bytes);
        }

        @Override
        public List<Document> matching(Path folder, String glob) throws IOException {
            List<Document> documents = new ArrayList<>();
            for (Path file : found(folder, glob)) {
                try {
                    documents.add(file(file));
                } catch (IOException e) {
                    throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
                }
            }
            return documents;
        }

        @Override
        public List<FollowedFile> followed(Path folder, String glob) throws IOException {
            if (FolderSafety.isOpenToAll(folder)) {
                throw new IOException(
                        "cannot follow the folder " + folder + ": everyone can write into it");
            }
            List<FollowedFile> files = new ArrayList<>();
            for (Path file : found(folder, glob)) {
                try {
                    files.add(new FollowedFile.Read(file(file)));
                } catch (IOException e) {
                    // Else it was removed just now.
                    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                        files.add(FollowedFile.Unreadable.of(file, e));
                    }
                }
            }
            return files;
        }

        /** In the order of their names. */
        private static Collection<Path> found(Path folder, String glob) throws IOException {
            PathMatcher matcher = matcher(glob);
            TreeMap<Path, Path> found = new TreeMap<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Path name = file.getFileName();
                    if (matcher.matches(name) && !name.toString().startsWith(".")) {
                        found.put(name, file);
                    }
                }
            } catch (NotDirectoryException e) {
                throw new IOException("cannot read the folder " + folder + ": it is a file", e);
            } catch (IOException e) {
                throw new IOException(
                        "cannot read the folder " + folder + ": " + SpecReader.reason(folder, e),
                        e);
            }
            return found.values();
        }

        @Override
        public FolderListing folder(FolderQuery query) {
            return FolderScan.of(query, isBeingWritten);
        }

        @Override
        public FolderListing folder(FolderQuery query, FolderListing before) {
            return FolderScan.of(query, isBeingWritten, before);
        }
    }

    /** Files as they once were, except those that are followed. */
    record Followed(Kept kept, IncludeResolver disk) implements IncludeResolver {
        @Override
        public boolean isForgiving() {
            return true;
        }

        @Override
        public Optional<Document> before(String path) {
            return kept.bundle().included().stream()
                    .filter(document -> document.path().equals(path))
                    .findFirst();
        }

        @Override
        public Document file(Path path) throws IOException {
            return kept.file(path);
        }

        @Override
        public List<Document> matching(Path folder, String glob) throws IOException {
            return kept.matching(folder, glob);
        }

        @Override
        public List<FollowedFile> followed(Path folder, String glob) throws IOException {
            return disk.followed(folder, glob);
        }

        /** A program that is being replaced stays as it was until the new one is whole. */
        @Override
        public FolderListing folder(FolderQuery query) {
            FolderListing before = kept.folder(query);
            return disk.folder(query, before).withUnfinished(before);
        }
    }

    /** Files as they once were. */
    record Kept(ConfigBundle bundle) implements IncludeResolver {
        @Override
        public boolean isForgiving() {
            return false;
        }

        @Override
        public Document file(Path path) throws IOException {
            for (Document document : bundle.included()) {
                if (document.path().equals(BytePath.text(path))) {
                    return document;
                }
            }
            throw new IOException("cannot read the file: it was not kept");
        }

        @Override
        public List<Document> matching(Path folder, String glob) {
            PathMatcher matcher = matcher(glob);
            List<Document> matching = new ArrayList<>();
            for (Document document : bundle.included()) {
                Path path = BytePath.of(document.path());
                if (folder.equals(path.getParent()) && matcher.matches(path.getFileName())) {
                    matching.add(document);
                }
            }
            return matching;
        }

        @Override
        public FolderListing folder(FolderQuery query) {
            FolderListing listing = bundle.folders().get(query);
            return listing == null ? FolderListing.EMPTY : listing;
        }
    }
}
