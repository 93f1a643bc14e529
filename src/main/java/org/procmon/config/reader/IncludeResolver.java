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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.procmon.bytes.BytePath;
import org.procmon.config.ConfigBundle;
import org.procmon.config.Document;
import org.procmon.config.Problem;

/** Where to find the files that a configuration includes. */
sealed interface IncludeResolver {
    /** The files on disk now. */
    IncludeResolver DISK = new OnDisk();

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

    private static PathMatcher matcher(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    /** Files as they are now. */
    record OnDisk() implements IncludeResolver {
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
            List<Document> documents = new ArrayList<>();
            for (Map.Entry<Path, Path> file : found.entrySet()) {
                documents.add(file(file.getValue()));
            }
            return documents;
        }
    }

    /** Files as they once were. */
    record Kept(ConfigBundle bundle) implements IncludeResolver {
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
    }
}
