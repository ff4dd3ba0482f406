// Headers of FEI's and Thermo Fisher's xT software and of the Phenom.
#include <string>

#include "support/vendor_layouts.h"

namespace mg::test {
namespace {

// A frame of 32 x 22 pixels of 250 nm; the databar below it has 2 rows.
constexpr Size k_stored{32, 24};

constexpr std::string_view k_user = "[User]\r\nDate=11/30/2021\r\nTime=02:09:15 PM\r\nUser=M\xFCller\r\n"
                                    "UserText=? grating\r\n"
                                    "UserTextUnicode=A9032000670072006100740069006E006700\r\n\r\n";
constexpr std::string_view k_system =
    "[System]\r\nType=DualBeam\r\nDnumber=9900001\r\nSoftware=7.7.1.4284\r\nSource=FEG\r\nColumn=Nicole\r\n"
    "SystemType=Scios\r\nDisplayWidth=0.518\r\nDisplayHeight=0.324\r\n\r\n";
constexpr std::string_view k_stage = "[Stage]\r\nStageX=0.0001\r\nStageY=-0.0007\r\nStageZ=0\r\nStageR=-0.0123283\r\n"
                                     "StageT=0.907571\r\nStageTb=0\r\nSpecTilt=0\r\nWorkingDistance=0.00681643\r\n\r\n";
constexpr std::string_view k_image = "[Image]\r\nDigitalContrast=1\r\nAverage=0\r\nIntegrate=1\r\nResolutionX=32\r\n"
                                     "ResolutionY=22\r\nZoomFactor=1.0\r\nMagCanvasRealWidth=0.13813\r\n"
                                     "PostProcessing=None\r\n\r\n";
constexpr std::string_view k_tail = "[Vacuum]\r\nChPressure=0.00024411\r\nGas=\r\nUserMode=High vacuum\r\n\r\n"
                                    "[Specimen]\r\nTemperature=\r\nSpecimenCurrent=1.204e-012\r\n\r\n";
constexpr std::string_view k_detector = "[Detectors]\r\nNumber=1\r\nName=ETD\r\nMode=SE\r\n\r\n"
                                        "[ETD]\r\nContrast=94.0073\r\nSignal=SE\r\nGrid=250\r\n\r\n";
constexpr std::string_view k_private = "[PrivateFei]\r\nBitShift=0\r\nDataBarSelected=DateTime det mode mag\r\n"
                                       "TimeOfCreation=30.11.2021 14:09:15\r\nDatabarHeight=0\r\n\r\n"
                                       "[EasyLift]\r\nRotation=0.00125664\r\n";

std::string joined_text(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (std::string_view part : parts) text.append(part);
    return text;
}

std::string scan_text(std::string_view own_scan) {
    std::string text =
        "[Scan]\r\nInternalScan=true\r\nDwelltime=3e-006\r\nPixelWidth=2.5e-007\r\nPixelHeight=2.5e-007\r\n"
        "HorFieldsize=8e-006\r\nVerFieldsize=5.5e-006\r\nFrameTime=1.75685\r\n\r\n[";
    return text.append(own_scan).append(
        "]\r\nScan=PIA 3.0\r\nDwell=3e-006\r\nPixelWidth=2.5e-007\r\nPixelHeight=2.5e-007\r\n"
        "HorFieldsize=8e-006\r\nVerFieldsize=5.5e-006\r\nLineTime=0.001714\r\n\r\n");
}

std::string electron_text() {
    return joined_text({k_user, k_system,
                        "[Beam]\r\nHV=2000\r\nSpot=5.5\r\nStigmatorX=0.00109112\r\nScanRotation=1.5708\r\n"
                        "ImageMode=Normal\r\nFineStageBias=\r\nBeam=EBeam\r\nScan=EScan\r\n\r\n"
                        "[EBeam]\r\nSource=FEG\r\nHV=2000\r\nHFW=8e-006\r\nVFW=5.5e-006\r\nWD=0.00681643\r\n"
                        "BeamCurrent=1.41708e-011\r\nTiltCorrectionIsOn=no\r\nDynamicWDIsOn=\r\nScanRotation=1.5708\r\n"
                        "StageTa=0.907571\r\nTiltCorrectionAngle=0.5\r\n\r\n",
                        scan_text("EScan"), k_stage, k_image, k_tail, k_detector, k_private});
}

Acquisition electron_facts() {
    Acquisition a;
    a.beam_energy_kv = {2, {}};
    a.beam_kind = {"electron", {}};
    a.spot_size = {5.5, {}};
    a.probe_current_na = {0.0141708, {}};
    a.dwell_time_us = {3, {}};
    a.working_distance_mm = {6.81643, {}};
    a.scan_rotation_deg = {90.00021046, {}};
    a.stage_tilt_deg = {51.9999879, {}};
    a.pixel_size_x_nm = {250, {}};
    a.pixel_size_y_nm = {250, {}};
    a.databar_rows = {2, {}};
    a.detector = {"ETD SE", {}};
    a.acquired = {"2021-11-30T14:09:15", {}};
    a.instrument = {"Scios", {}};
    a.author = {"M\u00FCller", {}};
    a.user_text = {"\u03A9 grating", {}};
    return a;
}

VendorLayout layout(std::string name, int tag, std::string_view text, Acquisition expected) {
    VendorLayout made;
    made.name = std::move(name);
    made.size = k_stored;
    made.tags = {text_tag(tag, text)};
    made.vendor = "FEI/Thermo Fisher";
    made.expected = std::move(expected);
    return made;
}

VendorLayout ion_layout() {
    std::string text =
        joined_text({k_user, k_system,
                     "[Beam]\r\nHV=30000\r\nSpot=\r\nScanRotation=0\r\nBeam=IBeam\r\nScan=IScan\r\n\r\n"
                     "[EBeam]\r\nHV=2000\r\nHFW=0.0004\r\nWD=0.004\r\nBeamCurrent=1e-009\r\n\r\n"
                     "[IBeam]\r\nSource=LMIS\r\nHV=30000\r\nHFW=8e-006\r\nVFW=5.5e-006\r\nWD=0.016500\r\n"
                     "BeamCurrent=7.7e-012\r\nTiltCorrectionIsOn=yes\r\nTiltCorrectionAngle=-0.663225\r\n\r\n",
                     scan_text("IScan"), k_stage, k_image, k_tail,
                     "[Detectors]\r\nNumber=1\r\nName=ICE\r\nMode=SI\r\n\r\n", k_private});
    Acquisition a = electron_facts();
    a.beam_energy_kv = {30, {}};
    a.beam_kind = {"ion", {}};
    a.spot_size.reset();
    a.probe_current_na = {0.0077, {}};
    a.working_distance_mm = {16.5, {}};
    a.scan_rotation_deg = {0, {}};
    a.tilt_correction_deg = {-37.99999337, {}};
    a.detector = {"ICE SI", {}};
    return layout("fei_xt ion beam", 34682, text, a);
}

/// A camera: neither column nor scan, values missing or no numbers.
VendorLayout camera_layout() {
    std::string text = joined_text(
        {"[User]\r\nDate=05/17/2022\r\nTime=09:07:08 AM\r\nUser=user\r\nUserText=overview\r\n"
         "UserTextUnicode=00000000\r\n\r\n",
         k_system,
         "[Beam]\r\nHV=\r\nSpot=\r\nBeamShiftX=\r\nScanRotation=0\r\nImageMode=\r\nBeam=IRBeam\r\nScan=\r\n\r\n"
         "[IRBeam]\r\nHFW=0.08\r\nVFW=0.055\r\nStageTa=0\r\nWD=-1.2e-005\r\nScanRotation=0\r\nSiDepth=\r\nn=\r\n\r\n"
         "[Stage]\r\nStageX=0.07\r\nStageT=0\r\nWorkingDistance=-1.2e-005\r\n\r\n",
         k_image, k_tail, "[Detectors]\r\nNumber=1\r\nName=Nav-Cam\r\nMode=None\r\n\r\n[Nav-Cam]\r\n\r\n",
         "[PrivateFei]\r\nTimeOfCreation=17.05.2022 09:07:08\r\nDatabarHeight=2\r\n"});
    Acquisition a;
    a.scan_rotation_deg = {0, {}};
    a.stage_tilt_deg = {0, {}};
    a.pixel_size_x_nm = {2.5e6, {}};
    a.pixel_size_y_nm = {2.5e6, {}};
    a.databar_rows = {2, {}};
    a.detector = {"Nav-Cam", {}};
    a.acquired = {"2022-05-17T09:07:08", {}};
    a.instrument = {"Scios", {}};
    a.user_text = {"overview", {}};
    return layout("fei_xt navigation camera", 34682, text, a);
}

/// An older version: no [Scan], no time of creation, detectors by number only, no text in UTF-16.
VendorLayout old_layout(std::string name, int tag) {
    std::string text = joined_text(
        {"[User]\r\nDate=30/11/2009\r\nTime=23:00:01\r\nUser=supervisor\r\nUserText=old\r\n\r\n",
         "[System]\r\nType=SEM\r\nSystemType=Quanta 200\r\n\r\n",
         "[Beam]\r\nHV=30000\r\nSpot=3\r\nScanRotation=0\r\nBeam=EBeam\r\nScan=EScan\r\n\r\n"
         "[EBeam]\r\nHV=30000\r\nHFW=8e-006\r\nVFW=5.5e-006\r\nWD=0.0101\r\nBeamCurrent=\r\n"
         "TiltCorrectionIsOn=yes\r\nTiltCorrectionAngle=0.261799\r\n\r\n"
         "[EScan]\r\nScan=PIA 1.0\r\nDwell=1e-005\r\nPixelWidth=2.5e-007\r\nPixelHeight=2.5e-007\r\n"
         "HorFieldsize=8e-006\r\nVerFieldsize=5.5e-006\r\n\r\n"
         "[Stage]\r\nStageT=0\r\n\r\n",
         k_image, k_tail, "[Detectors]\r\nNumber=1\r\n\r\n[ETD]\r\nContrast=50\r\nSignal=SE\r\nGrid=250\r\n"});
    Acquisition a;
    a.beam_energy_kv = {30, {}};
    a.beam_kind = {"electron", {}};
    a.spot_size = {3, {}};
    a.dwell_time_us = {10, {}};
    a.working_distance_mm = {10.1, {}};
    a.scan_rotation_deg = {0, {}};
    a.stage_tilt_deg = {0, {}};
    a.tilt_correction_deg = {14.99997775, {}};
    a.pixel_size_x_nm = {250, {}};
    a.pixel_size_y_nm = {250, {}};
    a.databar_rows = {2, {}};
    a.detector = {"ETD SE", {}};
    a.acquired = {"2009-11-30T23:00:01", {}};
    a.instrument = {"Quanta 200", {}};
    a.user_text = {"old", {}};
    return layout(std::move(name), tag, text, a);
}

constexpr std::string_view k_xml =
    "<?xml version=\"1.0\"?>\n<Metadata xmlns:nil=\"http://schemas.fei.com/Metadata/v1/2013/07\">\n"
    "  <Core>\n    <UserID>Rossi &amp; Li</UserID>\n    <ApplicationSoftware>xT</ApplicationSoftware>\n  </Core>\n"
    "  <Instrument>\n    <Manufacturer>FEI Company</Manufacturer>\n"
    "    <InstrumentClass>Helios 5 Hydra CX</InstrumentClass>\n  </Instrument>\n"
    "  <Acquisition>\n    <AcquisitionDatetime>2022-10-04T08:41:33</AcquisitionDatetime>\n"
    "    <BeamType>Electron</BeamType>\n  </Acquisition>\n"
    "  <Optics>\n    <Apertures>\n      <Aperture>\n        <Diameter>3.2E-05</Diameter>\n      </Aperture>\n"
    "    </Apertures>\n    <AccelerationVoltage>5000</AccelerationVoltage>\n"
    "    <SpotSize>6.95684106955009E-09</SpotSize>\n    <BeamCurrent>5E-11</BeamCurrent>\n"
    "    <WorkingDistance>0.0038</WorkingDistance>\n"
    "    <SampleTiltCorrectionOn>false</SampleTiltCorrectionOn>\n"
    "    <SamplePreTiltAngle>-0.663225115757845</SamplePreTiltAngle>\n  </Optics>\n"
    "  <StageSettings>\n    <StagePosition>\n      <X>-0.0044</X>\n      <Tilt>\n"
    "        <Alpha>0.47123889803846897</Alpha>\n        <Beta>0</Beta>\n      </Tilt>\n    </StagePosition>\n"
    "  </StageSettings>\n"
    "  <ScanSettings>\n    <DwellTime>3E-07</DwellTime>\n    <ScanRotation>3.1415926535897931</ScanRotation>\n"
    "  </ScanSettings>\n"
    "  <Detectors>\n    <ScanningDetector>\n      <DetectorName>TLD</DetectorName>\n      <Signal>BSE</Signal>\n"
    "    </ScanningDetector>\n  </Detectors>\n"
    "  <BinaryResult>\n    <ImageSize>\n      <X>32</X>\n      <Y>22</Y>\n    </ImageSize>\n    <PixelSize>\n"
    "      <X unit=\"m\" unitPrefixPower=\"1\">2.5E-07</X>\n      <Y unit=\"m\" unitPrefixPower=\"1\">2.5E-07</Y>\n"
    "    </PixelSize>\n  </BinaryResult>\n"
    "  <CustomPropertyGroup>\n    <CustomProperties scope=\"Magnification Calibration\">\n"
    "      <CustomProperty name=\"IsOn\" value=\"False\" />\n    </CustomProperties>\n  </CustomPropertyGroup>\n"
    "</Metadata>\n";

VendorLayout xml_layout() {
    Acquisition a;
    a.beam_energy_kv = {5, {}};
    a.beam_kind = {"electron", {}};
    a.probe_current_na = {0.05, {}};
    a.dwell_time_us = {0.3, {}};
    a.working_distance_mm = {3.8, {}};
    a.scan_rotation_deg = {180, {}};
    a.stage_tilt_deg = {27, {}};
    a.pixel_size_x_nm = {250, {}};
    a.pixel_size_y_nm = {250, {}};
    a.databar_rows = {2, {}};
    a.detector = {"TLD BSE", {}};
    a.acquired = {"2022-10-04T08:41:33", {}};
    a.instrument = {"Helios 5 Hydra CX", {}};
    a.author = {"Rossi & Li", {}};
    return layout("fei_xt XML", 34683, k_xml, a);
}

VendorLayout phenom_layout() {
    constexpr std::string_view k_text =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<FeiImage version=\"2\">\n"
        "  <time>2019-03-28T17:05:09.123</time>\n  <databarHeight>2</databarHeight>\n"
        "  <pixelWidth unit=\"um\">0.25</pixelWidth>\n  <pixelHeight unit=\"um\">0.25</pixelHeight>\n"
        "  <workingDistance unit=\"mm\">6.5</workingDistance>\n"
        "  <instrument>\n    <type>MVE</type>\n    <edition>G4 Phenom ProX</edition>\n  </instrument>\n"
        "  <acquisition>\n    <scan>\n      <dwellTime unit=\"ns\">200</dwellTime>\n"
        "      <highVoltage unit=\"kV\">-15</highVoltage>\n      <spotSize>3.3</spotSize>\n"
        "      <detector>BSD Full</detector>\n    </scan>\n  </acquisition>\n</FeiImage>\n";
    Acquisition a;
    a.beam_energy_kv = {15, {}};
    a.beam_kind = {"electron", {}};
    a.spot_size = {3.3, {}};
    a.dwell_time_us = {0.2, {}};
    a.working_distance_mm = {6.5, {}};
    a.pixel_size_x_nm = {250, {}};
    a.pixel_size_y_nm = {250, {}};
    a.databar_rows = {2, {}};
    a.detector = {"BSD Full", {}};
    a.acquired = {"2019-03-28T17:05:09", {}};
    a.instrument = {"G4 Phenom ProX", {}};
    return layout("fei_xt Phenom XML", 34683, k_text, a);
}

} // namespace

std::vector<VendorLayout> fei_layouts() {
    std::vector<VendorLayout> layouts;
    layouts.push_back(layout("fei_xt electron beam", 34682, electron_text(), electron_facts()));
    layouts.push_back(ion_layout());
    layouts.back().bits = 16;
    layouts.push_back(camera_layout());
    layouts.push_back(old_layout("fei_xt old keys", 34682));
    layouts.push_back(old_layout("fei_xt in tag 34680", 34680));
    layouts.push_back(xml_layout());
    layouts.push_back(phenom_layout());
    // The INI text is believed before the XML, which adds what the other lacks.
    layouts.push_back(layout("fei_xt INI and XML", 34682, electron_text(), electron_facts()));
    layouts.back().tags.push_back(text_tag(34683, k_xml));
    // Saved at half the size, databar and all; its header still describes the frame.
    std::string named = electron_text();
    constexpr std::string_view k_unnamed = "DatabarHeight=0";
    named.replace(named.find(k_unnamed), k_unnamed.size(), "DatabarHeight=2");
    layouts.push_back(layout("fei_xt resized", 34682, named, electron_facts()));
    layouts.back().size = {16, 12};
    layouts.back().expected.pixel_size_x_nm = {500, {}};
    layouts.back().expected.pixel_size_y_nm = {500, {}};
    layouts.back().expected.databar_rows = {1, {}};
    return layouts;
}

} // namespace mg::test
