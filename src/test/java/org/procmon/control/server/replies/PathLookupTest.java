package org.procmon.control.server.replies;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.procmon.config.FollowedFolder;

/** Why a path is no pool. */
class PathLookupTest {
    private static final List<FollowedFolder> APPS =
            List.of(
                    new FollowedFolder(
                            Path.of("/srv/apps"),
                            "{*.fcgi,*.fcgi.env}",
                            true,
                            false,
                            FollowedFolder.USUAL_QUIET,
                            Set.of()));

    @Test
    void aNameThatDoesNotMatchIsTheReason() {
        assertThat(PathLookup.noPool("/srv/apps/shop/a.txt", APPS))
                .isEqualTo(
                        "it is in the folder /srv/apps, and no pool is made of it: its name is to"
                                + " match '*.fcgi'");
    }

    @Test
    void aNameThatMatchesIsNot() {
        assertThat(PathLookup.noPool("/srv/apps/.shop/a.fcgi", APPS))
                .startsWith(
                        "it is in the folder /srv/apps, and no pool is made of it: it may not be")
                .endsWith("'procmon check FILE' lists what is not used, with the reasons");
    }

    @Test
    void aPathElsewhereIsInNoFolder() {
        assertThat(PathLookup.noPool("/srv/a.fcgi", APPS)).startsWith("it is in no folder");
    }
}
