package org.procmon.reload;

import java.io.IOException;
import org.procmon.config.SpecResult;

/** Where the configuration comes from. One thread at a time; its methods read files. */
public interface ConfigSource {
    /** The files as they are now. */
    SpecResult files();

    /** The files as they are now, with the numbers of instances that operators have set. */
    SpecResult filesWithOverrides();

    /**
     * The configuration that is followed now, with those files as they are now that are followed
     * without a command.
     *
     * @throws IOException if that configuration cannot be read
     */
    SpecResult followed() throws IOException;

    /**
     * The configuration that is followed now, with another number of instances of one process.
     *
     * @throws IOException if that configuration cannot be read
     */
    SpecResult scaled(String name, int instances) throws IOException;
}
