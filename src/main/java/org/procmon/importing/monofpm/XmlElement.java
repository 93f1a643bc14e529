package org.procmon.importing.monofpm;

import java.util.List;
import java.util.Map;
import org.procmon.importing.draft.SourceLocation;

/**
 * An element of an XML file.
 *
 * @param text the text that it has outside of other elements
 */
record XmlElement(
        SourceLocation spot,
        String name,
        Map<String, String> attributes,
        List<XmlElement> children,
        StringBuilder text) {}
