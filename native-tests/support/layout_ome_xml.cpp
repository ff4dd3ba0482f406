// OME-XML in ImageDescription: in the default unit, in another, and of a file with two images.
#include "support/vendor_layouts.h"

namespace mg::test {

namespace {

std::string image(std::string const& id, std::string const& pixels, std::string const& first_page) {
    return "<Image ID=\"Image:" + id + "\" Name=\"" + id +
           "\"><AcquisitionDate>2019-07-18T14:03:05</AcquisitionDate><Description>grain &lt;b&gt;</Description>"
           "<Pixels ID=\"Pixels:" +
           id + "\" Type=\"uint8\" SizeX=\"64\" SizeY=\"48\" " + pixels + "><Channel ID=\"Channel:" + id +
           "\"/><TiffData FirstC=\"0\" IFD=\"" + first_page +
           "\" PlaneCount=\"1\"><UUID FileName=\"image.tif\">urn:uuid:0</UUID></TiffData></Pixels></Image>";
}

std::string document(std::string const& images) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- of another program -->"
           "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
           "<Instrument ID=\"Instrument:0\"><Microscope Manufacturer=\"Maker\" Model=\"Model 7\"/>"
           "<Objective ID=\"Objective:0\" NominalMagnification=\"5000\"/></Instrument>" +
           images + "</OME>";
}

VendorLayout layout_of(std::string const& name, std::string const& xml) {
    VendorLayout layout;
    layout.name = name;
    layout.tags = {text_tag(270, xml)};
    layout.vendor = "OME";
    layout.expected.magnification = {5000.0, {}};
    layout.expected.acquired = {"2019-07-18T14:03:05", {}};
    layout.expected.instrument = {"Maker Model 7", {}};
    layout.expected.user_text = {"grain <b>", {}};
    return layout;
}

} // namespace

std::vector<VendorLayout> ome_xml_layouts() {
    VendorLayout plain =
        layout_of("ome-xml", document(image("0", "PhysicalSizeX=\"0.0125\" PhysicalSizeY=\"0.0250\"", "0")));
    plain.expected.pixel_size_x_nm = {12.5, {}};
    plain.expected.pixel_size_y_nm = {25.0, {}};

    std::string nm = "PhysicalSizeX='65.5' PhysicalSizeXUnit='nm' PhysicalSizeY='65500' PhysicalSizeYUnit='pm'";
    VendorLayout two =
        layout_of("ome-xml of two images",
                  document(image("0", nm, "0") + image("1",
                                                       "PhysicalSizeX=\"2\" PhysicalSizeXUnit=\"&#181;m\" "
                                                       "PhysicalSizeY=\"2\" PhysicalSizeYUnit=\"\xC2\xB5m\"",
                                                       "1")));
    two.page_count = 2;
    two.expected.pixel_size_x_nm = {65.5, {}};
    two.expected.pixel_size_y_nm = {65.5, {}};
    return {plain, two};
}

} // namespace mg::test
